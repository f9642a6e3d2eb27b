import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { listOf, objectOf } from '../../lib/reading.ts';

/** A value of the definition that is another one now. */
export interface ValueChange {
  readonly container: string;
  /** Within the container, such as `['resources', 'limits', 'memory']`. */
  readonly path: readonly string[];
  readonly value: string;
}

/** What of a change files are written for. Variables are left to people: there they are mostly references, overlays or charts. */
export function valuesOf(
  container: string,
  { memory, cpu, image }: { memory?: number | undefined; cpu?: number | undefined; image?: string | undefined },
): readonly ValueChange[] {
  const change = (path: readonly string[], value: string): ValueChange => ({ container, path, value });
  return [
    ...(memory === undefined ? [] : [change(['resources', 'limits', 'memory'], `${memory}Mi`)]),
    ...(cpu === undefined ? [] : [change(['resources', 'limits', 'cpu'], `${cpu}m`)]),
    ...(image === undefined ? [] : [change(['image'], image)]),
  ];
}

/** The new text; `unchanged` when the file already says so; `unreadable` when the value does not stand in it as one line. */
export type ManifestEdit = { readonly text: string } | 'unchanged' | 'unreadable';

/**
 * Writes a value into the YAML of a Deployment. The line that holds it is found by trying: of all lines with the same key, the one whose
 * change makes the file mean exactly what is wanted. So comments, order and the other documents stay, and nothing is written by mistake.
 */
export function editManifest(text: string, deployment: string, change: ValueChange): ManifestEdit {
  const documents = parse(text);
  const wanted = documents === undefined ? undefined : withValue(documents, deployment, change);
  if (wanted === undefined) return 'unreadable';
  if (isDeepStrictEqual(wanted, documents)) return 'unchanged';
  const lines = text.split('\n');
  const key = new RegExp(`^(\\s*(?:- )?${change.path.at(-1) ?? ''}:\\s+)[^#\\s]+(.*)$`);
  for (const [index, line] of lines.entries()) {
    const edited = lines.with(index, line.replace(key, `$1${change.value}$2`)).join('\n');
    if (key.test(line) && isDeepStrictEqual(parse(edited), wanted)) return { text: edited };
  }
  return 'unreadable';
}

function parse(text: string): readonly Json[] | undefined {
  try {
    return loadAll(text) as Json[];
  } catch {
    return undefined;
  }
}

/** Undefined where the Deployment, or the value in it, is not there. */
function withValue(documents: readonly Json[], deployment: string, change: ValueChange): readonly Json[] | undefined {
  const copy = structuredClone(documents);
  const found = copy.map(objectOf).find((one) => {
    return one['kind'] === 'Deployment' && objectOf(one['metadata'])['name'] === deployment;
  });
  const pod = objectOf(objectOf(objectOf(found?.['spec'])['template'])['spec']);
  const container = listOf(pod['containers']).find((one) => objectOf(one)['name'] === change.container);
  const last = change.path.at(-1) ?? '';
  const parent = change.path.slice(0, -1).reduce<JsonObject>((at, key) => objectOf(at[key]), objectOf(container));
  if (parent[last] === undefined) return undefined;
  // A copy of our own.
  (parent as Record<string, Json>)[last] = change.value;
  return copy;
}
