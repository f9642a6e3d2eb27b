import { marker } from './rule.ts';

const header = /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/g;

/** What a key is made of, also in JSON-escaped text; for one that was cut off before its end. */
const body = /[A-Za-z0-9+/=\s\\]{0,20000}/y;

/** Longer than any key in use: what ends later is another one's end. */
const longest = 20_000;

/** PEM private keys, whole or cut off. By hand, as an end is looked for once and not for every beginning. */
export function redactPrivateKeys(text: string): string {
  if (!text.includes('PRIVATE KEY')) return text;
  const parts: string[] = [];
  const endAfter = ends(text);
  let kept = 0;
  for (const match of text.matchAll(header)) {
    if (match.index < kept) continue;
    parts.push(text.slice(kept, match.index), marker('private-key'));
    const after = match.index + match[0].length;
    const end = endAfter(after);
    kept = end !== undefined && end - after <= longest ? end : endOfBody(text, after);
  }
  return kept === 0 ? text : parts.join('') + text.slice(kept);
}

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
