import { redactAssignments } from './assignments.ts';
import { isHarmless } from './harmless.ts';
import { redactPrivateKeys } from './private-keys.ts';
import { marker, type Redactor, redactorOf } from './rule.ts';
import { formRules } from './rules.ts';
import { secretNameKind } from './secret-names.ts';

/** By form first: what is known exactly keeps its kind; then by the name beside the value. */
const byForm: readonly Redactor[] = [redactPrivateKeys, redactorOf(formRules)];
const redactors: readonly Redactor[] = [...byForm, redactAssignments];

/**
 * Takes secrets out of a text, each replaced by `[redacted:<kind>]`: keys and tokens of known form, passwords in URLs and
 * connection strings, values beside names such as `password`, headers; also where the text is JSON-escaped.
 * Deterministic, idempotent, in time linear in the text.
 */
export function redact(text: string): string {
  return redactors.reduce((redacted, redactor) => redactor(redacted), text);
}

/**
 * Only what is a secret by its form, whatever its name: for texts that are carried out, such as queries and code, in which a name beside a
 * value promises nothing.
 */
export function redactForms(text: string): string {
  return byForm.reduce((redacted, redactor) => redactor(redacted), text);
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
