import { secretNameKind } from '../redaction/secret-names.ts';
import { marker } from '../redaction/secret.ts';

/** Shorter ones are no secrets worth the name, and stand in many a text by chance; so do plain words. */
const shortest = 8;
const plainWord = /^[a-z]+$/i;

/**
 * Takes the secrets that a server was given out of what it answers: it has them in no known form and beside no name that promises one, and
 * what it says of them goes on into evidence, prompts and pull requests. Undefined where it was given none.
 */
export function valueHider(credentials: Readonly<Record<string, string>>): ((value: unknown) => unknown) | undefined {
  const secrets = Object.entries(credentials)
    .flatMap(([name, value]) => [
      [secretNameKind(name), value.trim()] as const,
      ['password', passwordOf(value)] as const,
    ])
    .filter(([kind, value]) => kind !== undefined && value.length >= shortest && !plainWord.test(value))
    // One may hold another.
    .toSorted(([, a], [, b]) => b.length - a.length);
  if (secrets.length === 0) return undefined;
  const forms = secrets.flatMap(([kind = '', value]) => formsOf(value).map((form) => [form, marker(kind)] as const));
  const hide = (text: string): string => forms.reduce((shown, [form, mark]) => shown.replaceAll(form, mark), text);
  return (value) => withTexts(value, hide);
}

/** Of a connection string; empty where it is none. */
function passwordOf(value: string): string {
  const password = URL.parse(value)?.password ?? '';
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** As it is, within a JSON text, and encoded as those do who mean no harm. */
function formsOf(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const encoded = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return [...new Set([value, inJson, encodeURIComponent(value), encoded])];
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [change(key), withTexts(held, change)]));
}
