import { looksRandom } from './random-values.ts';
import type { Finder, Secret } from './secret.ts';
import type { Extent } from './value-extent.ts';

/** What is put where something was cut off. */
const mark = /…|\.{3}|[[(<](?:cut|trunc|\d{1,12} more)/g;

const ofWord = /[\w+/.~=%-]/;
const shortest = 10;
const longest = 2_000;

/** What a text ends with: a word in a quote that is open, and hexadecimal digits. */
const unclosed = /[:=,([{][ \t]{0,4}\\{0,16}["'\x60](?<word>[\w+/.~=%-]{9,2000}[\w+/=])$/d;
const digits = /(?<![\w+%.:-])(?<word>[0-9a-f]{17,2000}|[0-9A-F]{17,2000})$/d;

/** Digits of digests, trace ids and the like, whole; cut ones have another number. */
const usual = new Set([24, 32, 40, 48, 56, 64, 96, 128]);
/** What says that a digest follows. */
const digest =
  /(?:sha-?\d{0,3}|md5|digest|checksum|commit|revision|rev|etag|hash|integrity|tree|blob|trace|span)\W{0,4}(?:id\W{0,4})?$/i;

/**
 * Words that were cut off in the middle and look made by chance: their end, or what followed it, may have told what they are.
 */
export const findCutWords: Finder = (text) => {
  const marked = Array.from(text.matchAll(mark), ({ index }) => cut(text, wordBefore(text, index), looksCut));
  const atEnd = cut(text, lastWord(text, unclosed), looksCut) ?? cut(text, lastWord(text, digits), isPart);
  return [...marked, atEnd].filter((secret) => secret !== undefined);
};

function wordBefore(text: string, mark: number): Extent {
  let end = mark;
  while (mark - end < 2 && text[end - 1] === ' ') end -= 1;
  let start = end;
  // Dots that go on are no word.
  if (text[end - 1] === '.') return { start, end };
  while (end - start < longest && ofWord.test(text.charAt(start - 1))) start -= 1;
  return { start, end };
}

function lastWord(text: string, pattern: RegExp): Extent {
  const offset = Math.max(0, text.length - longest - 100);
  const [start, end] = pattern.exec(text.slice(offset))?.indices?.groups?.['word'] ?? [0, 0];
  return { start: offset + start, end: offset + end };
}

function cut(text: string, { start, end }: Extent, isCut: (said: string) => boolean): Secret | undefined {
  if (end - start < shortest || !isCut(text.slice(start, end))) return undefined;
  return digest.test(text.slice(Math.max(0, start - 24), start)) ? undefined : { start, end, kind: 'cut-secret' };
}

function looksCut(said: string): boolean {
  const hex = /(?<![\w-])(?:[0-9a-f]{17,}|[0-9A-F]{17,})$/.exec(said);
  return hex === null ? looksRandom(said) : !digest.test(said.slice(0, hex.index));
}

/** No digest and no id, and no text in hexadecimal digits, which is looked into elsewhere. */
function isPart(said: string): boolean {
  return !usual.has(said.length) && !/^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(said, 'hex').toString('latin1'));
}
