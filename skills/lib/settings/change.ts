import { load } from 'js-yaml';
import type { NumberLiteral } from './literal.ts';
import { replaceLiteral } from './literal.ts';
import { numbersOf } from './numbers.ts';

/** Why a number cannot be changed. */
export type NumberProblem = 'KeyMissing' | 'ValueDiffers' | 'NotContained';

export interface ChangedNumber {
  readonly text: string;
}

/**
 * Replaces one number of a configuration file. Read again afterwards, the file must say the new number under the key and
 * everything else as before; else nothing is changed: `NotContained`.
 */
export function changeNumber(
  path: string,
  text: string,
  change: { readonly key: string; readonly from: number; readonly to: number },
): ChangedNumber | NumberProblem {
  const found = numbersOf(path, text).find(({ key }) => key === change.key);
  if (found === undefined) return 'KeyMissing';
  if (found.value !== change.from) return 'ValueDiffers';
  const changed = replaceLiteral(text, found, change.to);
  const contained =
    sameBut(numbersOf(path, text), numbersOf(path, changed), change) && parsesAlike(path, text, changed, change);
  return contained ? { text: changed } : 'NotContained';
}

function sameBut(
  before: readonly NumberLiteral[],
  after: readonly NumberLiteral[],
  { key, to }: { readonly key: string; readonly to: number },
): boolean {
  return (
    before.length === after.length &&
    before.every(
      (one, index) => after[index]?.key === one.key && after[index].value === (one.key === key ? to : one.value),
    )
  );
}

/** A real parser, where there is one for the format, must see the same change and no other. */
function parsesAlike(
  path: string,
  before: string,
  after: string,
  { key, to }: { readonly key: string; readonly to: number },
): boolean {
  const parse = /\.json$/i.test(path) ? JSON.parse : /\.ya?ml$/i.test(path) ? load : undefined;
  if (parse === undefined) return true;
  try {
    const old: unknown = parse(before);
    return put(old, key.split('.'), to) && JSON.stringify(old) === JSON.stringify(parse(after));
  } catch {
    return false;
  }
}

/** Sets the value at a path of names; a name may itself hold dots. */
function put(value: unknown, path: readonly string[], to: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const holder = value as Record<string, unknown>;
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join('.');
    if (!Object.hasOwn(holder, name)) continue;
    if (length < path.length) return put(holder[name], path.slice(length), to);
    if (typeof holder[name] !== 'number') return false;
    holder[name] = to;
    return true;
  }
  return false;
}
