import { redactHead } from '../redaction/redact.ts';

/** Words as a status, an Event, an Approval or a commit may have them, wherever they come from: redacted, then bounded. */
export function told(words: string, longest = 1000): string {
  return redactHead(words, longest);
}
