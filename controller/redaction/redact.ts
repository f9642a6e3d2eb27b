import { findByForm, findSecrets } from './find.ts';
import { without } from './secret.ts';

/** No secret is told by so little: a name and a value, or a known one. */
const shortest = 6;

/** What is left may look otherwise without what was taken out; each time there is less of it. */
const rounds = 4;

/**
 * Takes secrets out of a text, each replaced by `[redacted:<kind>]`: keys and tokens of known form, passwords in URLs, connection strings,
 * commands and statements, values beside names such as `password`, headers; also where the text is escaped or encoded, and what the
 * process itself knows to be secret. Deterministic, idempotent, in time linear in the text.
 */
export function redact(text: string): string {
  if (text.length < shortest) return text;
  let left = text;
  for (let round = 0; round < rounds; round += 1) {
    const secrets = findSecrets(left);
    if (secrets.length === 0) break;
    left = without(left, secrets);
  }
  return left;
}

/**
 * Only what is a secret by its form, whatever its name: for texts that are carried out, such as queries and code, in which a name beside a
 * value promises nothing.
 */
export function redactForms(text: string): string {
  return without(text, findByForm(text));
}

/**
 * The beginning of a text, of at most `limit` characters, without secrets: cut after the redaction, as what is left of a secret that was
 * cut looks like none. No marker is cut in two.
 */
export function redactHead(text: string, limit: number): string {
  return headOf(redact(text.length > limit + margin ? text.slice(0, limit + margin) : text), limit);
}

/** More than a secret has: what is cut here is told by its own beginning. */
const margin = 32_768;

/** The beginning of a text that is redacted already, of at most `limit` characters; no marker is cut in two. */
export function headOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const open = text.lastIndexOf('[redacted:', limit - 1);
  const close = open === -1 ? -1 : text.indexOf(']', open);
  return text.slice(0, close >= limit ? open : limit);
}
