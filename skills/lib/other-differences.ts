import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../controller/api/json.ts';
import { isDefined, listOf, objectOf, textOf } from './reading.ts';

/** With more paths than this, the rest is left out. */
const mostPaths = 10;

/**
 * The paths at which two objects differ, sorted: `spec.nodeSelector.pool`, `spec.containers[app].command`. Never the values, which may
 * be secret. Entries of a list that all have a name are compared by it, other lists as a whole; what is empty is as good as absent,
 * because servers fill in the one for the other.
 */
export function otherDifferences(from: JsonObject, to: JsonObject): readonly string[] {
  return differing(from, to, '').toSorted().slice(0, mostPaths);
}

/** The lines of a plan that goes back: what else it restores, which no file is edited for. */
export function otherLines(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const note = '# in no file: until it is changed where it came from, the next deploy brings it again';
  return [...paths.map((path) => `  ${path}`), note];
}

function differing(from: Json | undefined, to: Json | undefined, path: string): readonly string[] {
  if (isDeepStrictEqual(from, to) || (isEmpty(from) && isEmpty(to))) return [];
  const [before, now] = [fieldsOf(from), fieldsOf(to)];
  if (before === undefined || now === undefined || before.isList !== now.isList) return [path];
  const keys = new Set([...before.fields.keys(), ...now.fields.keys()]);
  return [...keys].flatMap((key) =>
    differing(before.fields.get(key), now.fields.get(key), joined(path, key, before.isList)),
  );
}

/** A key of its own punctuation, such as an annotation's, is put into brackets like a name. */
function joined(path: string, key: string, isName: boolean): string {
  if (isName || !/^[\w-]+$/.test(key)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

interface Fields {
  readonly fields: ReadonlyMap<string, Json>;
  readonly isList: boolean;
}

/** What can be compared one by one; undefined for anything else. */
function fieldsOf(value: Json | undefined): Fields | undefined {
  if (Array.isArray(value)) {
    const names = listOf(value).map((entry) => textOf(objectOf(entry)['name']));
    const known = names.filter(isDefined);
    if (known.length < names.length || new Set(known).size < known.length) return undefined;
    return { fields: new Map(listOf(value).map((entry, index) => [names[index] ?? '', entry])), isList: true };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return { fields: new Map(Object.entries(value)), isList: false };
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.values(value).every((one) => isEmpty(one as Json));
}
