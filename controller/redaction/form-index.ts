import { joined, type Secret } from './secret.ts';

/** What is shorter is not looked for. */
export const shortest = 8;

/** One way that a secret is written. */
export interface Form {
  readonly text: string;
  /** The characters around that belong to it: of base64, as the ends of it depend on what stands beside the secret. */
  readonly around?: RegExp;
}

const factor = 31;
/** What the first of the characters counts for in the hash of `shortest` of them. */
const first = Array.from({ length: shortest - 1 }).reduce<number>((power) => Math.imul(power, factor), 1);

/** Finds many texts in one pass, by a rolling hash of their first characters (Rabin and Karp, 1987). */
export class FormIndex {
  readonly #filter = new Uint8Array(65_536);
  readonly #forms = new Map<string, Form[]>();

  constructor(forms: readonly Form[]) {
    for (const form of forms) {
      const head = form.text.slice(0, shortest);
      this.#filter[slot(hashOf(head))] = 1;
      this.#forms.set(head, [...(this.#forms.get(head) ?? []), form]);
    }
  }

  find(text: string): readonly Secret[] {
    const secrets: Secret[] = [];
    let hash = hashOf(text.slice(0, shortest));
    let seen = 0;
    for (let at = 0; at + shortest <= text.length; at += 1) {
      // Within what was found already there is nothing more to find: of base64 that may be all of a long text.
      if (at >= seen && this.#filter[slot(hash)] === 1) {
        const found = this.#at(text, at);
        secrets.push(...found);
        seen = Math.max(seen, ...found.map(({ end }) => end));
      }
      hash = (Math.imul(hash - Math.imul(text.charCodeAt(at), first), factor) + text.charCodeAt(at + shortest)) | 0;
    }
    return secrets.length === 0 ? secrets : joined(secrets);
  }

  #at(text: string, at: number): readonly Secret[] {
    const forms = this.#forms.get(text.slice(at, at + shortest)) ?? [];
    return forms.filter((form) => text.startsWith(form.text, at)).map((form) => extended(text, at, form));
  }
}

function extended(text: string, at: number, form: Form): Secret {
  let start = at;
  let end = at + form.text.length;
  while (form.around?.test(text[start - 1] ?? '') === true) start -= 1;
  while (form.around?.test(text[end] ?? '') === true) end += 1;
  return { start, end, kind: 'known-secret' };
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, factor) + text.charCodeAt(at)) | 0;
  return hash;
}

function slot(hash: number): number {
  return (hash ^ (hash >>> 16)) & 0xffff;
}
