import { FormIndex, type Form, shortest } from './form-index.ts';
import { looksRandom } from './random-values.ts';
import type { Finder } from './secret.ts';

const mostValues = 1_000;
/** Of one namespace: whoever fills it with Secrets must not have those of others forgotten. */
const mostOfOwner = 64;
/** Plain words and numbers are in texts that have nothing to do with the secret. */
const plain = /^(?:[A-Za-z]{1,12}|\d{1,11}|true|false)$/;
/** Names of things, paths, versions and dates: they are in everybody's texts, and whoever puts one into a Secret of his must not blank those. */
const ordinary = /^\W?[a-z0-9]+(?:[-._/:@ ][a-z0-9]+)*\W?$|^\d{4}-\d\d-\d\d/;

const base64 = /[\w+/=-]/;

/**
 * Values that this process knows to be secret, as it read them from where they are kept. Held in memory only, the latest ones; found
 * literally, escaped as in JSON and in URLs, in base64 (within longer texts too) and in hexadecimal digits.
 */
export class KnownSecrets {
  readonly #values = new Map<string, { readonly forms: readonly Form[]; readonly owner: string }>();
  /** Made when it is needed after a change. */
  #index: FormIndex | undefined;

  /**
   * Ignores what would hide ordinary text: short values, words and numbers, names of things.
   * @param owner whose it is, such as the namespace; of one owner the latest ones are known
   */
  add(value: string, owner = ''): void {
    for (const part of partsOf(value)) this.#remember(part, owner);
  }

  readonly find: Finder = (text) => {
    if (this.#values.size === 0) return [];
    this.#index ??= new FormIndex([...this.#values.values()].flatMap(({ forms }) => forms));
    return this.#index.find(text);
  };

  #remember(value: string, owner: string): void {
    if (value.length < shortest || isOrdinary(value) || this.#values.has(value)) return;
    const own = [...this.#values].filter(([, known]) => known.owner === owner).map(([known]) => known);
    const isFull = own.length >= mostOfOwner || this.#values.size >= mostValues;
    const [oldest] = own.length >= mostOfOwner ? own : this.#values.keys();
    if (isFull && oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(value, { forms: formsOf(value), owner });
    this.#index = undefined;
  }
}

/** The process's own. */
export const knownSecrets = new KnownSecrets();
export const findKnown: Finder = knownSecrets.find;

function isOrdinary(value: string): boolean {
  return plain.test(value) || (ordinary.test(value) && !looksRandom(value) && !/[0-9a-f]{24}/.test(value));
}

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
