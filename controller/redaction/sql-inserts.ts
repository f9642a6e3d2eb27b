import { isHarmless } from './harmless.ts';
import type { Finder, Secret } from './secret.ts';
import { secretNameKind } from './secret-names.ts';

const statement =
  /\b(?:insert|replace)\s{1,8}(?:ignore\s{1,8})?into\s{1,8}[\w."`[\]\\]{1,120}\s{0,8}\((?<columns>[^()]{1,2000})\)\s{0,8}values\s{0,8}/gi;
const row = /\s{0,8},?\s{0,8}\(/y;
const value =
  /\s{0,8}(?:\\{0,8}(?<quote>['"])(?<quoted>(?:[^'"\\]|''){0,2000})(?:\\{0,8}\k<quote>|$)|(?<bare>[^,()'"]{0,200}))\s{0,8}(?<next>[,)])?/y;

/** Values of an INSERT whose column's name promises a secret. */
export const findInserted: Finder = (text) => {
  if (!/\binto\s/i.test(text)) return [];
  const secrets: Secret[] = [];
  for (const match of text.matchAll(statement)) {
    const kinds = (match.groups?.['columns'] ?? '')
      .split(',')
      .map((name) => secretNameKind(name.replaceAll(/[^\w-]/g, '')));
    if (kinds.every((kind) => kind === undefined)) continue;
    let at = match.index + match[0].length;
    for (row.lastIndex = at; row.test(text); row.lastIndex = at) {
      at = row.lastIndex;
      for (const kind of kinds) {
        value.lastIndex = at;
        const found = value.exec(text);
        const { quoted, quote = '', next } = found?.groups ?? {};
        if (found === null) break;
        if (kind !== undefined && quoted !== undefined && !isHarmless(quoted, kind)) {
          const start = at + found[0].indexOf(quote) + 1;
          secrets.push({ start, end: start + quoted.length, kind });
        }
        at += found[0].length;
        if (next !== ',') break;
      }
    }
  }
  return secrets;
};
