import type { ObjectMeta } from '../../api/kinds.ts';
import { type Document, isObject } from './documents.ts';
import type { Kustomized } from './kustomize.ts';
import type { Kind } from './schema.ts';

/** An object of one of our kinds as the API server would store it. */
export interface Declared extends Document {
  readonly kind: string;
  readonly metadata: ObjectMeta;
  /** What is of no shape that the operator could read is not looked at further. */
  readonly readable: boolean;
}

const ours = /^threehops\.dev\//;

export function isOurs({ value }: Document): boolean {
  return ours.test(String(value['apiVersion']));
}

/** With the namespace that it comes to be in: its own, else that of its kustomization, else the one that was named. */
export function declared(
  document: Document,
  kind: Kind | undefined,
  { kustomized, namespace }: { readonly kustomized: Kustomized; readonly namespace: string },
): Omit<Declared, 'readable'> {
  const stored = kind === undefined ? document.value : kind.stored(document.value);
  const value = isObject(stored) ? stored : document.value;
  const given = isObject(value['metadata']) ? value['metadata'] : {};
  const place = typeof given['namespace'] === 'string' ? given['namespace'] : kustomized.namespaceOf(document.file);
  const [name = ''] = [given['name'], given['generateName']].filter((one) => typeof one === 'string');
  const metadata: ObjectMeta = {
    ...(given as object),
    name,
    namespace: place ?? namespace,
    // Each is another one to whoever remembers objects.
    uid: `${document.file}:${document.placeOf('')?.line ?? 0}:${document.placeOf('')?.column ?? 0}`,
    resourceVersion: '',
    generation: 1,
    creationTimestamp: '',
  };
  return { ...document, value, kind: String(value['kind']), metadata };
}

/** The object as the operator would read it. The CRD's schema has been held against it. */
export function objectOf<T>({ value, metadata }: Declared): T {
  return { ...value, metadata } as T;
}

export function nameOf({ kind, metadata }: Pick<Declared, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
