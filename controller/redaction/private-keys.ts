import type { Finder, Secret } from './secret.ts';

const header = /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/g;

/** What a key is made of, also in JSON-escaped text; for one that was cut off before its end. */
const body = /[A-Za-z0-9+/=\s\\]{0,20000}/y;

/** Longer than any key in use: what ends later is another one's end. */
const longest = 20_000;

/** Ends of lines, also in JSON-escaped text. */
const newline = String.raw`(?:\r?\n|\\{1,16}r?\\{0,16}n)[ \t]{0,40}`;
/** The rest of a key whose beginning was cut off. */
const tail = new RegExp(
  String.raw`(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{1,80}${newline}){1,200}-----END[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----`,
  'g',
);
/** What is left of keys that were cut at their beginning. */
export const findCutKeys: Finder = (text) =>
  text.includes('PRIVATE KEY')
    ? Array.from(text.matchAll(tail), ({ 0: { length }, index }) => ({
        start: index,
        end: index + length,
        kind: 'private-key',
      }))
    : [];

/** PEM private keys, whole or cut off. By hand, as an end is looked for once and not for every beginning. */
export const findPrivateKeys: Finder = (text) => {
  if (!text.includes('PRIVATE KEY')) return [];
  const secrets: Secret[] = [];
  const endAfter = ends(text);
  let seen = 0;
  for (const match of text.matchAll(header)) {
    if (match.index < seen) continue;
    const after = match.index + match[0].length;
    const end = endAfter(after);
    seen = end !== undefined && end - after <= longest ? end : endOfBody(text, after);
    secrets.push({ start: match.index, end: seen, kind: 'private-key' });
  }
  return secrets;
};

function endOfBody(text: string, from: number): number {
  body.lastIndex = from;
  return from + (body.exec(text)?.[0].trimEnd().length ?? 0);
}

/** Where the next end line ends, for positions that only grow. */
function ends(text: string): (from: number) => number | undefined {
  const footer = /-----END[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/g;
  let next: { readonly start: number; readonly end: number } | undefined = { start: -1, end: -1 };
  return (from) => {
    while (next !== undefined && next.start < from) {
      const match = footer.exec(text);
      next = match === null ? undefined : { start: match.index, end: footer.lastIndex };
    }
    return next?.end;
  };
}
