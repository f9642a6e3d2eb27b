import { isHarmless } from './harmless.ts';
import { withoutSplitItems } from './neighbours.ts';
import { redact } from './redact.ts';
import { secretNameKind } from './secret-names.ts';
import { marker } from './secret.ts';

/**
 * `redact` on all strings of a JSON value, and whole values where their field's name promises a secret. A new value. Texts that follow each
 * other, such as events of a log, are looked at together as well.
 */
export function redactJson<T>(value: T): T {
  return redactValue(value) as T;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return redactList(value);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  const named = nameOfPair(object);
  const isSecret = object['kind'] === 'Secret';
  return Object.fromEntries(
    Object.entries(object).map(([key, held]) => [
      redactKey(key),
      isSecret && /^(?:data|stringData)$/.test(key)
        ? hidden(held)
        : redactField(/^value$/i.test(key) ? named : key, held),
    ]),
  );
}

/** Names of fields are words nearly always. */
function redactKey(key: string): string {
  return key.length < shortestSecret || /^[A-Za-z]+$/.test(key) ? key : redact(key);
}

const shortestSecret = 12;

function redactField(name: string, value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return redactValue(value);
  const kind = secretNameKind(name);
  if (kind === undefined || isHarmless(String(value), kind)) return redactInContext(name, value);
  const redacted = redact(String(value));
  return redacted.startsWith('[redacted:') && redacted.endsWith(']') ? redacted : marker(kind);
}

/** Where the name may tell what kind of value it is, it is looked at with it. */
function redactInContext(name: string, value: string | number): unknown {
  if (typeof value === 'number') return value;
  const redacted = redact(value);
  if (redacted !== value || name.length > 60 || !mayBeKey(value)) return redacted;
  const shown = `"${name}": "${value}"`;
  return redact(shown) === shown ? value : marker('secret');
}

/** One word with digits that is neither a time nor a number. */
function mayBeKey(value: string): boolean {
  return value.length >= 12 && value.length <= 200 && /^[^\s:]*\d[^\s:]*$/.test(value) && /[A-Za-z]/.test(value);
}

/** All that a Secret of Kubernetes holds. */
function hidden(held: unknown): unknown {
  if (typeof held !== 'object' || held === null) return marker('kubernetes-secret');
  return Object.fromEntries(Object.keys(held).map((key) => [redact(key), marker('kubernetes-secret')]));
}

/** `{name: 'DB_PASSWORD', value: '...'}`: the field `value` is named by the field beside it. */
function nameOfPair(pair: Readonly<Record<string, unknown>>): string {
  const name = pair['name'] ?? pair['Name'] ?? pair['key'] ?? pair['Key'];
  return typeof name === 'string' ? name : 'value';
}

function redactList(list: readonly unknown[]): unknown {
  const whole = withoutSplitItems(list);
  return (whole.every((item) => typeof item === 'string') ? redactArguments(whole) : whole).map(redactValue);
}

/** Arguments of a command: `--password` and then the password. */
function redactArguments(list: readonly string[]): readonly string[] {
  return list.map((item, at) => {
    const flag = /^--?([\w-]{1,60})$/.exec(list[at - 1] ?? '')?.[1];
    const kind = flag === undefined ? undefined : secretNameKind(flag);
    return kind === undefined || isHarmless(item, kind) ? item : marker(kind);
  });
}
