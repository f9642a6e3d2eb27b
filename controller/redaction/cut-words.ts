import { looksRandom } from './random-values.ts';
import type { Finder } from './secret.ts';
import type { Extent } from './value-extent.ts';

/** What is put where something was cut off. */
const mark = /…|\.{3}|[[(<](?:cut|trunc|\d{1,12} more)/g;
const ofWord = /[\w+/.~=%-]/;
const shortest = 10;
const longest = 2_000;

/** What stands before a word in a quote; where that is open at the text's end the word was cut. */
const openQuote = /[:=,([{][ \t]{0,4}\\{0,16}["'\x60]$/;
/** Digits alone are a number. */
const hex = /(?<![\w+%.:-])(?=\d{0,2000}[a-fA-F])(?:[0-9a-f]{17,}|[0-9A-F]{17,})$/;

/** Digits of digests, trace ids and the like, whole; cut ones have another number. */
const usual = new Set([24, 32, 40, 48, 56, 64, 96, 128]);
/** What says that a digest follows. */
const digest =
  /(?:sha-?\d{0,3}|md5|digest|checksum|commit|revision|rev|etag|hash|integrity|tree|blob|trace|span)\W{0,4}(?:id\W{0,4})?$/i;

/**
 * Words that were cut off in the middle and look made by chance: their end, or what followed it, may have told what they are.
 */
export const findCutWords: Finder = (text) => {
  const cut = text.search(mark) === -1 ? [] : Array.from(text.matchAll(mark), ({ index }) => wordBefore(text, index));
  const last = wordBefore(text, text.length);
  if (openQuote.test(text.slice(Math.max(0, last.start - 24), last.start))) cut.push(last);
  const secrets = cut.filter((word) => looksCut(text, word));
  if (secrets.at(-1)?.end !== last.end) secrets.push(...digitsIn(text, last));
  return secrets.map(({ start, end }) => ({ start, end, kind: 'cut-secret' }));
};

/** Empty where none stands there, or one too short. */
function wordBefore(text: string, mark: number): Extent {
  let end = mark;
  while (mark - end < 2 && text[end - 1] === ' ') end -= 1;
  let start = end;
  // Dots that go on are no word.
  while (text[end - 1] !== '.' && end - start < longest && ofWord.test(text.charAt(start - 1))) start -= 1;
  return end - start < shortest ? { start: end, end } : { start, end };
}

function looksCut(text: string, word: Extent): boolean {
  const said = text.slice(word.start, word.end);
  const digits = /(?<![\w-])(?:[0-9a-f]{17,}|[0-9A-F]{17,})$/.exec(said);
  // A number is a time or an id.
  if (/^\d*$/.test(said) || namesDigest(text, word.start)) return false;
  return digits === null ? looksRandom(said) : !digest.test(said.slice(0, digits.index));
}

/** Hexadecimal digits at the end of a word that are no digest and no id, and no text, which is looked into elsewhere. */
function digitsIn(text: string, { start, end }: Extent): readonly Extent[] {
  const match = end === start ? null : hex.exec(text.slice(start, end));
  if (match === null || usual.has(match[0].length) || namesDigest(text, start + match.index)) return [];
  const isText = /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(match[0], 'hex').toString('latin1'));
  return isText ? [] : [{ start: start + match.index, end }];
}

function namesDigest(text: string, at: number): boolean {
  return digest.test(text.slice(Math.max(0, at - 24), at));
}
