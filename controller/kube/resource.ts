import type { KubeObject, ObjectKey } from './object.ts';

/** A kind of object as the API serves it. `T` is its type; nothing of it exists at run time. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly example?: T;
}

/** A resource with its type: `resource<DebugSession>('threehops.dev', 'v1alpha1', 'debugsessions', 'DebugSession')`. */
export function resource<T extends KubeObject>(
  group: string,
  version: string,
  plural: string,
  kind: string,
  scope: 'Namespaced' | 'Cluster' = 'Namespaced',
): Resource<T> {
  return { group, version, plural, kind, namespaced: scope === 'Namespaced' };
}

/** `group/version`, or `v1` for the core group: what goes into `apiVersion`. */
export function apiVersion(of: Resource): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`;
}

/** The path of the collection; all namespaces when none is given. */
export function collectionPath(of: Resource, namespace?: string): string {
  const root = of.group === '' ? `/api/${of.version}` : `/apis/${of.group}/${of.version}`;
  const inside = of.namespaced && namespace !== undefined && namespace !== '';
  return inside ? `${root}/namespaces/${encodeURIComponent(namespace)}/${of.plural}` : `${root}/${of.plural}`;
}

/** The path of one object, or of one of its subresources such as `status`. */
export function objectPath(of: Resource, key: ObjectKey, subresource?: string): string {
  if (key.name === '') throw new TypeError(`a ${of.kind} without a name has no path`);
  if (of.namespaced && (key.namespace ?? '') === '') {
    throw new TypeError(`${of.kind} ${key.name} is namespaced and has no namespace`);
  }
  const path = `${collectionPath(of, key.namespace)}/${encodeURIComponent(key.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** Query parameters, absent ones left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `path?query`, encoded. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
