import { isHarmless } from './harmless.ts';
import { looksRandom } from './random-values.ts';
import type { Finder, Secret } from './secret.ts';
import { holdsSecretName, secretNameKind, type NameKind } from './secret-names.ts';

const listHead =
  /(?:^|[\n"])[ \t]{0,40}(?:- )?["']?(?<name>[\w.-]{0,60}(?:passwords|passphrases|secrets|tokens|keys|credentials))["']?:[ \t]{0,8}(?=\r?\n)/gi;
const listItem =
  /\r?\n[ \t]{0,60}-[ \t]{1,8}(?<quote>["']?)(?<said>[^\n\r"':#]{1,400})\k<quote>[ \t]{0,8}(?=\r?\n|$|")/dy;

/** Items below a name in the plural: `passwords:`, with a line each. */
export const findListed: Finder = (text) => {
  const secrets: Secret[] = [];
  if (!holdsSecretName(text)) return secrets;
  for (const head of text.matchAll(listHead)) {
    const kind = secretNameKind((head.groups?.['name'] ?? '').slice(0, -1));
    if (kind === undefined) continue;
    listItem.lastIndex = head.index + head[0].length;
    for (let found = listItem.exec(text); found !== null; found = listItem.exec(text)) {
      const [start, end] = found.indices?.groups?.['said'] ?? [0, 0];
      if (isTold(text.slice(start, end), kind)) secrets.push({ start, end, kind });
    }
  }
  return secrets;
};

/** What stands before a table that is a string of JSON. */
const before = /^.*[:[][ \t]{0,4}"(?=[^"]*$)/;
const names = /^[ \t]{0,40}(?:["']?[A-Za-z_][\w .-]{0,60}["']?)?[ \t]{0,40}$/;
/** Between the names of a table and its rows. */
const ruled = /^[-+|:= ]{3,}\r?$/;

/** Columns of a table with commas, semicolons or tabs whose first line names one so. */
export const findInColumns: Finder = (text) => {
  const secrets: Secret[] = [];
  if (!holdsSecretName(text) || !/[,;\t|]/.test(text)) return secrets;
  let at = 0;
  let columns: Columns | undefined;
  for (const line of text.split('\n')) {
    const rows = columns === undefined ? undefined : inRow(line, at, columns);
    if (rows === undefined) columns = columnsOf(line);
    else secrets.push(...rows);
    at += line.length + 1;
  }
  return secrets;
};

interface Columns {
  readonly separator: string;
  /** The table is a string of JSON, which ends with a quote. */
  readonly isQuoted: boolean;
  readonly kinds: readonly (NameKind | undefined)[];
}

/** Undefined for a line that is no list of names, or of none that promises a secret. */
function columnsOf(line: string): Columns | undefined {
  if (line.length > 2_000 || !holdsSecretName(line)) return undefined;
  const separator = ['|', ',', ';', '\t'].find((one) => line.includes(one));
  if (separator === undefined) return undefined;
  const said = line.trimEnd().replace(before, '');
  const cells = said.split(separator);
  if (!cells.every((cell) => names.test(cell))) return undefined;
  const kinds = cells.map((cell) => secretNameKind(cell.replaceAll(/["']/g, '').trim().replaceAll(' ', '_')));
  return kinds.some((kind) => kind !== undefined)
    ? { separator, kinds, isQuoted: said.length < line.trimEnd().length }
    : undefined;
}

/** Undefined for a line that has other columns: the table is over. */
function inRow(line: string, from: number, { separator, kinds, isQuoted }: Columns): readonly Secret[] | undefined {
  if (ruled.test(line)) return [];
  const quote = isQuoted ? line.indexOf('"') : -1;
  const cells = (quote === -1 ? line.trimEnd() : line.slice(0, quote)).split(separator);
  if (cells.length !== kinds.length) return undefined;
  let start = from;
  return cells.flatMap((cell, at) => {
    const kind = kinds[at];
    const [, open = '', said = ''] = /^([ \t]*["']?)(.*?)["']?[ \t]*$/.exec(cell) ?? [];
    const own = start + open.length;
    start += cell.length + separator.length;
    return kind !== undefined && isTold(said, kind) ? [{ start: own, end: own + said.length, kind }] : [];
  });
}

/** A person's password may be any word; of what machines make only what looks so is taken, as names of such stand in lists as well. */
function isTold(said: string, kind: NameKind): boolean {
  const isOne = kind === 'password' ? !/\s/.test(said) : looksRandom(said);
  return isOne && !isHarmless(said, kind);
}
