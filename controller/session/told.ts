import { redact } from '../redaction/redact.ts';

/** What is cut in the middle of a secret must not be its recognisable part. */
const margin = 4096;

/** Words as a status, an Event, an Approval or a commit may have them, wherever they come from: redacted, then bounded. */
export function told(words: string, longest = 1000): string {
  return redact(words.slice(0, longest + margin)).slice(0, longest);
}
