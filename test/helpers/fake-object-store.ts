import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

export interface StoredObject {
  apiVersion?: string;
  kind?: string;
  metadata: Record<string, unknown> & {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    finalizers?: string[];
    deletionTimestamp?: string;
  };
  spec?: unknown;
  status?: unknown;
}

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly version: number;
  readonly object: StoredObject;
}

/** What an API server answers when it refuses. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

const notFound = (name: string): Refusal => new Refusal(404, 'NotFound', `"${name}" not found`);

/** The storage of the fake API server: versions, optimistic locking, status apart from spec, finalizers, a history for watches. */
export class FakeObjectStore {
  readonly #objects = new Map<string, Map<string, StoredObject>>();
  readonly history: StoreEvent[] = [];
  readonly listeners = new Set<(event: StoreEvent) => void>();
  #version = 100;
  /** Watches from before this version get 410. */
  compactedAt = 0;

  get version(): number {
    return this.#version;
  }

  list(collection: string, namespace: string | undefined): StoredObject[] {
    const all = [...(this.#objects.get(collection)?.values() ?? [])];
    return all.filter((object) => namespace === undefined || object.metadata.namespace === namespace);
  }

  get(collection: string, namespace: string | undefined, name: string): StoredObject {
    const object = this.#objects.get(collection)?.get(`${namespace ?? ''}/${name}`);
    if (object === undefined) throw notFound(name);
    return object;
  }

  create(collection: string, namespace: string | undefined, body: Partial<StoredObject>): StoredObject {
    const { status: _, ...rest } = body;
    const name = body.metadata?.name ?? `${String(body.metadata?.['generateName'])}${randomUUID().slice(0, 5)}`;
    const key = `${namespace ?? ''}/${name}`;
    if (this.#objects.get(collection)?.has(key) === true) {
      throw new Refusal(409, 'AlreadyExists', `"${name}" already exists`);
    }
    const creationTimestamp = new Date().toISOString();
    const identity = { name, uid: randomUUID(), generation: 1, creationTimestamp, resourceVersion: this.#next() };
    const place = namespace === undefined ? {} : { namespace };
    const managedFields = [{ manager: 'fake', operation: 'Update' }];
    const object = { ...rest, metadata: { ...body.metadata, ...place, ...identity, managedFields } };
    return this.#store('ADDED', collection, key, object);
  }

  /** PUT: `part` says which half of the object counts. */
  update(collection: string, body: StoredObject, part: 'spec' | 'status'): StoredObject {
    const present = this.get(collection, body.metadata.namespace, body.metadata.name);
    const { resourceVersion, uid } = body.metadata;
    if (resourceVersion && resourceVersion !== present.metadata.resourceVersion) {
      throw new Refusal(409, 'Conflict', 'the object has been modified');
    }
    if (uid && uid !== present.metadata.uid) throw new Refusal(409, 'Conflict', 'Precondition failed: UID');
    const next = part === 'status' ? { ...present, status: body.status } : mergeSpec(present, body);
    return this.#write(collection, present, next);
  }

  delete(collection: string, namespace: string | undefined, name: string, uid?: string): StoredObject {
    const present = this.get(collection, namespace, name);
    if (uid !== undefined && uid !== present.metadata.uid)
      throw new Refusal(409, 'Conflict', 'Precondition failed: UID');
    if ((present.metadata.finalizers ?? []).length > 0) {
      const deletionTimestamp = present.metadata.deletionTimestamp ?? new Date().toISOString();
      return this.#write(collection, present, { ...present, metadata: { ...present.metadata, deletionTimestamp } });
    }
    return this.#remove(collection, present);
  }

  #write(collection: string, present: StoredObject, next: StoredObject): StoredObject {
    if (isDeepStrictEqual(present, next)) return present;
    const isLast = next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
    if (isLast) return this.#remove(collection, next);
    const metadata = { ...next.metadata, resourceVersion: this.#next() };
    return this.#store('MODIFIED', collection, keyOf(present), { ...next, metadata });
  }

  #remove(collection: string, object: StoredObject): StoredObject {
    this.#objects.get(collection)?.delete(keyOf(object));
    const gone = { ...object, metadata: { ...object.metadata, resourceVersion: this.#next() } };
    this.#tell({ type: 'DELETED', collection, version: this.#version, object: gone });
    return gone;
  }

  #store(type: 'ADDED' | 'MODIFIED', collection: string, key: string, object: StoredObject): StoredObject {
    const objects = this.#objects.get(collection) ?? new Map<string, StoredObject>();
    this.#objects.set(collection, objects.set(key, object));
    this.#tell({ type, collection, version: this.#version, object });
    return object;
  }

  #tell(event: StoreEvent): void {
    this.history.push(event);
    for (const listener of this.listeners) listener(event);
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

function keyOf(object: StoredObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function mergeSpec(present: StoredObject, body: StoredObject): StoredObject {
  const { uid, creationTimestamp, managedFields, resourceVersion } = present.metadata;
  const changed = !isDeepStrictEqual(present.spec, body.spec);
  const generation = present.metadata.generation + (changed ? 1 : 0);
  const kept = { uid, creationTimestamp, managedFields, resourceVersion, generation };
  const deletion = present.metadata.deletionTimestamp;
  const metadata = { ...body.metadata, ...kept, ...(deletion === undefined ? {} : { deletionTimestamp: deletion }) };
  return { ...body, ...(present.status === undefined ? {} : { status: present.status }), metadata };
}
