import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml';
import { type PlaceOf, yamlPlaces } from '../../config/yaml-lines.ts';
import type { SourceFile } from './files.ts';
import type { Problem } from './problem.ts';

/** One document of a file, or one item of a List. */
export interface Document {
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly placeOf: PlaceOf;
}

export interface Read {
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
}

const group = 'threehops.dev/';
const begin = { line: 1, column: 1 };

/** The objects in a text. One that is no YAML is a problem where it was named, or speaks of our kinds; folders hold all sorts of files. */
export function documentsIn({ path, text, named }: SourceFile): Read {
  try {
    // Aliases are bounded because a few lines of them can stand for gigabytes.
    const schema = CORE_SCHEMA.withTags(mergeTag);
    const values = loadAll(text, { filename: path, schema, maxAliases: 1000, maxDepth: 100 });
    const places = yamlPlaces(text);
    const documents = values.flatMap((value, index) => expanded(path, value, places[index] ?? (() => begin)));
    return { documents, problems: [] };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (!named && !text.includes(group)) return { documents: [], problems: [] };
    const { mark, reason } = error;
    const place = mark === undefined ? begin : { line: mark.line + 1, column: mark.column + 1 };
    return { documents: [], problems: [{ file: path, ...place, severity: 'Error', message: `no YAML: ${reason}` }] };
  }
}

/** `kubectl get -o yaml` gives a List. */
function expanded(file: string, value: unknown, placeOf: PlaceOf): readonly Document[] {
  if (!isObject(value)) return [];
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [{ file, value, placeOf }];
  return items.flatMap((item: unknown, index) =>
    expanded(file, item, (pointer) => placeOf(`/items/${index}${pointer}`)),
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
