import { FormIndex, type Form, shortest } from './form-index.ts';
import type { Finder } from './secret.ts';

const mostValues = 1_000;
/** Plain words and numbers are in texts that have nothing to do with the secret. */
const plain = /^(?:[A-Za-z]{1,12}|\d{1,11}|true|false)$/;

const base64 = /[\w+/=-]/;

/**
 * Values that this process knows to be secret, as it read them from where they are kept. Held in memory only, the latest ones; found
 * literally, escaped as in JSON and in URLs, in base64 (within longer texts too) and in hexadecimal digits.
 */
export class KnownSecrets {
  readonly #values = new Map<string, readonly Form[]>();
  /** Made when it is needed after a change. */
  #index: FormIndex | undefined;

  /** Ignores what would hide ordinary text: short values, plain words and numbers. */
  add(value: string): void {
    for (const part of partsOf(value)) this.#remember(part);
  }

  readonly find: Finder = (text) => {
    if (this.#values.size === 0) return [];
    this.#index ??= new FormIndex([...this.#values.values()].flat());
    return this.#index.find(text);
  };

  #remember(value: string): void {
    if (value.length < shortest || plain.test(value) || this.#values.has(value)) return;
    const oldest = this.#values.keys().next();
    if (this.#values.size >= mostValues && oldest.done !== true) this.#values.delete(oldest.value);
    this.#values.set(value, formsOf(value));
    this.#index = undefined;
  }
}

/** The process's own. */
export const knownSecrets = new KnownSecrets();
export const findKnown: Finder = knownSecrets.find;

/** A key of several lines is known by each of them, as logs print it line by line. */
function partsOf(value: string): readonly string[] {
  const whole = value.trim();
  const lines = whole.split(/\r?\n/).filter((line) => line.length >= 24 && !line.startsWith('-----'));
  return whole.includes('\n') ? [whole, ...lines] : [whole];
}

function formsOf(value: string): readonly Form[] {
  const bytes = Buffer.from(value);
  const texts = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), bytes.toString('hex')];
  const within = [0, 1, 2].flatMap((before) => {
    const encoded = withinBase64(bytes, before);
    return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const forms = [...new Set(texts)].map((text): Form => ({ text }));
  const encoded = [...new Set(within)].map((text): Form => ({ text, around: base64 }));
  return [...forms, ...encoded].filter(({ text }) => text.length >= shortest);
}

/** The characters of base64 that these bytes alone make, when so many others stand before them. */
function withinBase64(bytes: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const head = before === 0 ? 0 : before + 1;
  const whole = Math.floor((before + bytes.length) / 3) * 4;
  return encoded.slice(head, whole);
}
