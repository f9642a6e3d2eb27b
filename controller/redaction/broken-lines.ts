import { decode } from './encoded/decoded.ts';
import { looksRandom } from './random-values.ts';
import type { Finder, Secret } from './secret.ts';

/** What a runtime puts before each part of a long line, and what Docker's log of JSON lines puts between two. */
const partHead = String.raw`(?:\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [PF] )?`;
const fields = String.raw`"\w{1,20}":"[^"\n]{0,60}"`;
const jsonSeam = String.raw`(?:\\{1,4}n)?"(?:,${fields}){0,6}\}\r?\n\{(?:${fields},){0,6}"(?:log|message|msg|MESSAGE|text)":"`;
const between = String.raw`(?:${jsonSeam}|\\?\r?\n${partHead}|\x00)`;

/** No time, and no name with its value: such begin a line of their own. */
const goesOn = String.raw`(?!\d{4}-\d\d|\d\d?[:.]\d|[\w.-]{1,60}(?:: |[=:][^\s=\\"'<,;&]))`;
const seam = new RegExp(String.raw`(?<=[\w+/=.~%$-]{4})${between}(?=${goesOn}[\w+/=.~$-]{4})`, 'g');

/** How much around a seam is looked at: more than a token of known form has. */
const before = 400;
const after = 900;

/** Finds with `find` what was broken over lines: by a terminal, a runtime's log or a backslash at the end. */
export function brokenFinder(find: Finder): Finder {
  return (text) => windowsOf(text).flatMap(([start, end]) => crossing(text.slice(start, end), start, find));
}

function windowsOf(text: string): readonly (readonly [number, number])[] {
  const windows: [number, number][] = [];
  for (const { index, 0: said } of text.matchAll(seam)) {
    const start = Math.max(0, index - before);
    const end = Math.min(text.length, index + said.length + after);
    const last = windows.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else windows.push([start, end]);
  }
  return windows;
}

/** Those alone that have a seam within: the others have been looked for already. */
function crossing(text: string, offset: number, find: Finder): readonly Secret[] {
  const decoded = decode(text, seam, () => '');
  if (decoded === undefined) return [];
  const place = (at: number): number => decoded.starts[at] ?? 0;
  return find(decoded.text).flatMap(({ start, end, kind }) => {
    const [from, to] = [place(start), place(end - 1) + 1];
    return to - from === end - start ? [] : [{ start: offset + from, end: offset + to, kind }];
  });
}

/** The kind of what goes on behind a secret; nothing goes on behind that. */
const rest = 'rest';
const behind = new RegExp(
  String.raw`\[redacted:(?!${rest}\])[\w-]{1,40}\]${between}${goesOn}(?<rest>[^\s"'\x60,;<>{}()[\]\\&|]{5,2000})(?<close>\s*$|[ \t]*(?:\r?\n|\\[nr])|\\{0,8}["'\x60<;,)\\])?`,
  'gd',
);

/** What a secret at the end of a line goes on with on the next one, where that has a figure or the look of chance. */
export const findRests: Finder = (text) =>
  text.includes('[redacted:')
    ? [...text.matchAll(behind)].flatMap(({ groups = {}, indices }) => {
        const said = groups['rest'] ?? '';
        const [start, end] = indices?.groups?.['rest'] ?? [0, 0];
        const isMade =
          /\d/.test(said) || looksRandom(said) || (groups['close'] !== undefined && /[A-Z]|[^\w.:]/.test(said));
        return isMade && !/^\d+$/.test(said) ? [{ start, end, kind: rest }] : [];
      })
    : [];
