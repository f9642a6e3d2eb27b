/** An object's owner, as Kubernetes writes it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The parts of ObjectMeta that an operator reads. Times are RFC 3339 strings, as they are on the wire. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Anything the API server stores. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
}

/** An object that is yet to be created: the server fills in the rest of its metadata. */
export type Draft<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata' | 'status'> &
  Partial<Pick<T, Extract<keyof T, 'status'>>> & {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly metadata?: ObjectMeta;
  };

/** Names an object of a known resource; without a namespace the resource is cluster-scoped. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** What a controller works on: a key and nothing else, so that it always reads the newest state itself. */
export interface Request {
  readonly namespace: string;
  readonly name: string;
}

/** The request for an object; `namespace` is empty for a cluster-scoped one. */
export function requestFor(object: KubeObject): Request {
  return { namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
}

/** `namespace/name`, the form in which caches and queues index objects. Names contain no slash, so it is unambiguous. */
export function keyText(key: ObjectKey): string {
  return `${key.namespace ?? ''}/${key.name}`;
}

/** `keyText` of an object. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`;
}

/**
 * Orders two resourceVersions of one resource: negative, zero or positive as `a` is older, equal or newer. They are decimal
 * integers that may exceed 2^53, compared as text.
 * Source: KEP-5504, comparable resource versions, which API servers guarantee from 1.35 and etcd has always given.
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
