import { isHarmless } from './harmless.ts';
import type { Finder, Secret } from './secret.ts';
import { secretNameKind, type NameKind } from './secret-names.ts';

const statement =
  /\b(?:insert|replace)\s{1,8}(?:ignore\s{1,8})?into\s{1,8}[\w."`[\]\\]{1,120}\s{0,8}\((?<columns>[^()]{1,2000})\)\s{0,8}values\s{0,8}/gi;
const row = /\s{0,8},?\s{0,8}\(/y;
const value =
  /\s{0,8}(?:\\{0,8}(?<quote>['"])(?<quoted>(?:[^'"\\]|''){0,2000})(?:\\{0,8}\k<quote>|$)|(?<bare>[^,()'"]{0,200}))\s{0,8}(?<next>[,)])?/y;

type Kinds = readonly (NameKind | undefined)[];

/** Values of an INSERT whose column's name promises a secret. */
export const findInserted: Finder = (text) => {
  if (!/\binto\s/i.test(text)) return [];
  return [...text.matchAll(statement)].flatMap((match) => {
    const columns = (match.groups?.['columns'] ?? '').split(',');
    const kinds = columns.map((name) => secretNameKind(name.replaceAll(/[^\w-]/g, '')));
    return kinds.some((kind) => kind !== undefined) ? inRows(text, match.index + match[0].length, kinds) : [];
  });
};

function inRows(text: string, from: number, kinds: Kinds): readonly Secret[] {
  const secrets: Secret[] = [];
  row.lastIndex = from;
  while (row.test(text)) row.lastIndex = inRow(text, row.lastIndex, kinds, secrets);
  return secrets;
}

/** Puts the row's secrets to the others and tells where the row ends. */
function inRow(text: string, from: number, kinds: Kinds, secrets: Secret[]): number {
  let at = from;
  for (const kind of kinds) {
    value.lastIndex = at;
    const found = value.exec(text);
    if (found === null) break;
    const secret = kind === undefined ? undefined : secretOf(found, at, kind);
    if (secret !== undefined) secrets.push(secret);
    at += found[0].length;
    if (found.groups?.['next'] !== ',') break;
  }
  return at;
}

function secretOf({ 0: said, groups }: RegExpExecArray, at: number, kind: NameKind): Secret | undefined {
  const { quoted, quote = '' } = groups ?? {};
  if (quoted === undefined || isHarmless(quoted, kind)) return undefined;
  const start = at + said.indexOf(quote) + 1;
  return { start, end: start + quoted.length, kind };
}
