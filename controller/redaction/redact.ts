import { findAssignments } from './assignments.ts';
import { isHarmless } from './harmless.ts';
import { keptFinder, keptRules } from './kept-rules.ts';
import { findPrivateKeys } from './private-keys.ts';
import { formFinder } from './rule.ts';
import { formRules } from './rules.ts';
import { inTurn, marker, without } from './secret.ts';
import { secretNameKind } from './secret-names.ts';

/** What is known exactly. */
const findByForm = inTurn([findPrivateKeys, formFinder(formRules)]);
/** By form first: what is known exactly keeps its kind; then by the kept rule set, then by the name beside the value. */
const find = inTurn([findPrivateKeys, formFinder(formRules), keptFinder(keptRules), findAssignments]);

/**
 * Takes secrets out of a text, each replaced by `[redacted:<kind>]`: keys and tokens of known form, passwords in URLs and
 * connection strings, values beside names such as `password`, headers; also where the text is JSON-escaped.
 * Deterministic, idempotent, in time linear in the text.
 */
export function redact(text: string): string {
  return without(text, find(text));
}

/**
 * Only what is a secret by its form, whatever its name: for texts that are carried out, such as queries and code, in which a name beside a
 * value promises nothing.
 */
export function redactForms(text: string): string {
  return without(text, findByForm(text));
}

/** `redact` on all strings of a JSON value, and whole values where their field's name promises a secret. A new value. */
export function redactJson<T>(value: T): T {
  return redactValue(value) as T;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  const named = nameOfPair(value as Record<string, unknown>);
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [redact(key), redactField(/^value$/i.test(key) ? named : key, held)]),
  );
}

function redactField(name: string, value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return redactValue(value);
  const kind = secretNameKind(name);
  if (kind === undefined || isHarmless(String(value), kind)) return redactValue(value);
  const redacted = redact(String(value));
  return redacted.startsWith('[redacted:') && redacted.endsWith(']') ? redacted : marker(kind);
}

/** `{name: 'DB_PASSWORD', value: '...'}`: the field `value` is named by the field beside it. */
function nameOfPair(pair: Readonly<Record<string, unknown>>): string {
  const name = pair['name'] ?? pair['Name'] ?? pair['key'] ?? pair['Key'];
  return typeof name === 'string' ? name : 'value';
}
