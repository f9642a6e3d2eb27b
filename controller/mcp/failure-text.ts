import { redact } from '../redaction/redact.ts';

const longest = 2_000;

/** Words of a system, as they may stand in an error, a log line or a condition: redacted and bounded. */
export function failureText(words: string): string {
  // Cut twice: what is cut in the middle of a secret must not be its recognisable part.
  return redact(words.slice(0, 10 * longest)).slice(0, longest);
}
