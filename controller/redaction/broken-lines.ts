import { decode } from './encoded/decoded.ts';
import { looksRandom } from './random-values.ts';
import type { Finder, Secret } from './secret.ts';

/** What a runtime puts before each part of a long line, and what Docker's log of JSON lines puts between two. */
const partHead = String.raw`\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [PF] `;
const fields = String.raw`"\w{1,20}":"[^"\n]{0,60}"`;
const jsonSeam = String.raw`"(?:,${fields}){0,6}\}\r?\n\{(?:${fields},){0,6}"(?:log|message|msg|MESSAGE|text)":"`;

/** No time and no address, and no name with its value: such begin a line of their own. */
const goesOn = String.raw`(?!(?:19|20)\d\d-[01]\d|\d{1,3}[:.]\d|[\w.-]{1,40}(?:: |=[^\s=\\"'<,;&]|:(?!\S{0,60}@)[^\s=\\"'<,;&]))`;
const sign = String.raw`[\w+/=.~%@!#$^&*()-]`;

/**
 * Where a text goes on behind a break. `whole` and `part`: the break may say that the line is not over, with a backslash at its end, or as
 * a runtime's log does. Others are looked at where what comes may be no word.
 */
const notWord = String.raw`(?=\S{0,80}[\d@]|[\w-]{0,40}[a-z][_-]?[A-Z]|[A-Z]{8})`;
const seam = new RegExp(
  String.raw`(?<=${sign}{3})(?:(?:(?<whole>\\\r?\n|\x00)|(?<part>\r?\n${partHead})|(?<json>(?:\\{1,4}n)?${jsonSeam}))|\r?\n${goesOn}${notWord})(?=${sign}{3})`,
  'g',
);

/** How much around a seam is looked at: more than a token of known form has, and what names it. */
const before = 400;
const after = 900;

type Stretch = readonly [start: number, end: number];

/**
 * Finds with `find` what was broken over lines; where `certain` only over those breaks that say themselves that the line goes on, else over
 * the others, if what comes then has the look of a secret's rest.
 */
export function brokenFinder(find: Finder, certain: boolean): Finder {
  return (text) => {
    if (!text.includes('\n') && !text.includes('\0')) return [];
    const seams = [...text.matchAll(seam)]
      .filter((match) => isCertain(text, match) === certain)
      .map(({ index, 0: said }): Stretch => [index, index + said.length]);
    return windowsAround(seams, text.length)
      .flatMap((window) => crossing(text, window, seams, find))
      .filter(({ end }) => certain || looksMade(text.slice(seams.findLast(([, from]) => from < end)?.[1], end)));
  };
}

function isCertain(text: string, { index, groups = {} }: RegExpExecArray): boolean {
  const { whole, part, json } = groups;
  if (part !== undefined) return isUnfinished(text.slice(Math.max(0, index - longestPart), index));
  return whole !== undefined || (json?.startsWith('"') === true && json.endsWith('"log":"'));
}

/** A runtime writes at most so much of a line at a time. */
const longestPart = 16_384;

/** What the head of the last part says: `P` for partial. */
function isUnfinished(text: string): boolean {
  const head = Math.max(text.lastIndexOf(' stdout '), text.lastIndexOf(' stderr '));
  return head !== -1 && text.charAt(head + ' stdout '.length) === 'P';
}

function windowsAround(seams: readonly Stretch[], length: number): readonly Stretch[] {
  const windows: [number, number][] = [];
  for (const [from, to] of seams) {
    const [start, end] = [Math.max(0, from - before), Math.min(length, to + after)];
    const last = windows.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else windows.push([start, end]);
  }
  return windows;
}

/** Those alone that have a seam within: the others are looked for elsewhere. */
function crossing(text: string, [from, to]: Stretch, seams: readonly Stretch[], find: Finder): readonly Secret[] {
  const breaks = new Set(seams.filter(([start]) => start >= from && start < to).map(([start]) => start - from));
  const decoded = decode(text.slice(from, to), seam, ({ index }) => (breaks.has(index) ? '' : undefined));
  if (decoded === undefined) return [];
  const place = (at: number): number => from + (decoded.starts[at] ?? 0);
  return find(decoded.text)
    .map(({ start, end, kind }) => ({ start: place(start), end: place(end - 1) + 1, length: end - start, kind }))
    .filter(({ start, end, length }) => end - start > length)
    .map(({ start, end, kind }) => ({ start, end, kind }));
}

/** What may be the rest of a secret, and is no word. */
function looksMade(said: string): boolean {
  return /\D/.test(said) && (/[\d@]|[a-z][_-]?[A-Z]|[A-Z]{8}/.test(said) || looksRandom(said));
}

/** The kind of what goes on behind a secret; nothing goes on behind that. */
const rest = 'rest';
const behind = new RegExp(
  String.raw`\[redacted:(?!${rest}\])[\w-]{1,40}\](?:\\?\r?\n(?:${partHead})?|\\{0,9}(?:\\{1,8}r)?\\{1,8}n|(?:\\{1,4}n)?${jsonSeam}|\x00)${goesOn}(?<rest>[^\s"'\x60,;<>{}()[\]\\&|]{5,2000})(?<close>\s*$|[ \t]*(?:\r?\n|\\[nr])|\\{0,8}["'\x60<;,)\\])?`,
  'gd',
);

/** What a secret at the end of a line goes on with on the next one, where that has a figure or the look of chance. */
export const findRests: Finder = (text) =>
  text.includes('[redacted:')
    ? [...text.matchAll(behind)].flatMap(({ groups = {}, indices }) => {
        const said = groups['rest'] ?? '';
        const [start, end] = indices?.groups?.['rest'] ?? [0, 0];
        const isAlone = groups['close'] !== undefined && /[A-Z]|[^\w.:]/.test(said) && !/^\d+$/.test(said);
        return looksMade(said) || isAlone ? [{ start, end, kind: rest }] : [];
      })
    : [];
