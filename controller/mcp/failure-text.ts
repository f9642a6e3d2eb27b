import { redactHead } from '../redaction/redact.ts';

const longest = 2_000;

/** Words of a system, as they may stand in an error, a log line or a condition: redacted and bounded. */
export function failureText(words: string): string {
  return redactHead(words, longest);
}
