import { dirname, normalize, join, sep } from 'node:path';
import { type Document, isObject } from './documents.ts';

/** What the kustomizations among the documents make of the others. */
export interface Kustomized {
  /** Files that are patches: parts of objects, which nothing can be held against. */
  readonly patches: ReadonlySet<string>;
  /** The namespace that a kustomization gives the objects of its folder. */
  namespaceOf(file: string): string | undefined;
}

export function kustomizedBy(documents: readonly Document[]): Kustomized {
  const kustomizations = documents.filter(
    ({ value }) =>
      value['kind'] === 'Kustomization' && String(value['apiVersion']).startsWith('kustomize.config.k8s.io/'),
  );
  const patches = kustomizations.flatMap(({ file, value }) =>
    ['patches', 'patchesStrategicMerge', 'patchesJson6902'].flatMap((field) =>
      pathsIn(value[field]).map((path) => normalize(join(dirname(file), path))),
    ),
  );
  const namespaces = kustomizations.flatMap(({ file, value: { namespace } }) =>
    typeof namespace === 'string' ? [{ folder: normalize(dirname(file)), namespace }] : [],
  );
  const nearestFirst = namespaces.toSorted((a, b) => b.folder.length - a.folder.length);
  return {
    patches: new Set(patches),
    namespaceOf: (file) =>
      nearestFirst.find(({ folder }) => folder === '.' || normalize(file).startsWith(`${folder}${sep}`))?.namespace,
  };
}

function pathsIn(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const path = isObject(item) ? item['path'] : item;
    // A strategic merge patch may stand there itself.
    return typeof path === 'string' && !path.includes('\n') ? [path] : [];
  });
}
