import { readList, type List, readObject } from './decode.ts';
import type { Draft, KubeObject, ObjectKey } from './object.ts';
import { type Patch, patchContentType } from './patch.ts';
import { apiVersion, collectionPath, objectPath, type Query, type Resource, withQuery } from './resource.ts';
import type { Transport } from './transport.ts';
import { watchEvents, type WatchEvent } from './watch.ts';

export interface CallOptions {
  readonly timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  /** Checks everything, stores nothing. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface PatchOptions extends WriteOptions {
  readonly subresource?: string;
  /** Server-side apply only: take fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

export interface Selection {
  /** All namespaces without one. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection, CallOptions {
  /** Objects in one answer; the rest comes by `continue`. */
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchOptions<T> extends Selection {
  /** Events after this version. */
  readonly resourceVersion: string;
  /** The server ends the watch after this long. */
  readonly timeoutSeconds: number;
  /** Called for each event as it comes; what it throws ends the watch. */
  readonly onEvent: (event: WatchEvent<T>) => void;
}

/**
 * Reads and writes one resource. Every call throws an ApiError, takes a signal and has a timeout (the client's, else its own).
 * What is read lacks `metadata.managedFields`.
 */
export class ResourceClient<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly #transport: Transport;

  constructor(transport: Transport, resource: Resource<T>) {
    this.#transport = transport;
    this.resource = resource;
  }

  async get(key: ObjectKey, signal: AbortSignal, options: CallOptions = {}): Promise<T> {
    const path = objectPath(this.resource, key);
    return readObject<T>(await this.#transport.send({ method: 'GET', path, signal, timeoutMs: options.timeoutMs }));
  }

  async list(options: ListOptions, signal: AbortSignal): Promise<List<T>> {
    const { namespace, timeoutMs, ...query } = options;
    const path = withQuery(collectionPath(this.resource, namespace), query);
    return readList<T>(await this.#transport.send({ method: 'GET', path, signal, timeoutMs }), this.resource);
  }

  /** Creates in `metadata.namespace`; AlreadyExists when the name is taken. */
  async create(object: Draft<T>, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    return this.#write('POST', collectionPath(this.resource, object.metadata?.namespace), object, signal, options);
  }

  /** POST to a subresource of an object, such as a ServiceAccount's `token` or a Pod's `eviction`. */
  async createSubresource<R extends KubeObject>(
    key: ObjectKey,
    subresource: string,
    body: R,
    signal: AbortSignal,
  ): Promise<R> {
    const path = objectPath(this.resource, key, subresource);
    const text = await this.#transport.send({ method: 'POST', path, body: JSON.stringify(body), signal });
    return readObject<R>(text);
  }

  /** PUT of all but status. With `metadata.resourceVersion` a stale one is a Conflict. */
  async replace(object: T, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    return this.#write('PUT', objectPath(this.resource, named(object)), object, signal, options);
  }

  /** PUT of the status subresource; everything else in `object` is ignored but for the resourceVersion (stale: Conflict). */
  async replaceStatus(object: T, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    return this.#write('PUT', objectPath(this.resource, named(object), 'status'), object, signal, options);
  }

  async patch(key: ObjectKey, patch: Patch, signal: AbortSignal, options: PatchOptions = {}): Promise<T> {
    const { timeoutMs, subresource, force } = options;
    const path = withQuery(objectPath(this.resource, key, subresource), { ...writeQuery(options), force });
    const contentType = patchContentType[patch.type];
    const body = JSON.stringify(patch.body);
    return readObject<T>(await this.#transport.send({ method: 'PATCH', path, body, contentType, signal, timeoutMs }));
  }

  /** NotFound when it is gone; Conflict when `uid` or `resourceVersion` is another's. */
  async delete(key: ObjectKey, signal: AbortSignal, options: DeleteOptions = {}): Promise<void> {
    const { timeoutMs, uid, resourceVersion, ...rest } = options;
    const body = JSON.stringify({ ...rest, preconditions: { uid, resourceVersion } });
    await this.#transport.send({ method: 'DELETE', path: objectPath(this.resource, key), body, signal, timeoutMs });
  }

  /** The text of a read subresource, such as a Pod's `log`. */
  async getText(key: ObjectKey, subresource: string, query: Query, signal: AbortSignal): Promise<string> {
    const path = withQuery(objectPath(this.resource, key, subresource), query);
    return this.#transport.send({ method: 'GET', path, accept: '*/*', signal });
  }

  /** Resolves when the server ends the watch; throws Gone when the resourceVersion is too old. Bookmarks are asked for. */
  async watch(options: WatchOptions<T>, signal: AbortSignal): Promise<void> {
    const { namespace, onEvent, ...query } = options;
    const path = withQuery(collectionPath(this.resource, namespace), {
      ...query,
      watch: true,
      allowWatchBookmarks: true,
    });
    await watchEvents(this.#transport, path, onEvent, signal);
  }

  async #write(
    method: 'POST' | 'PUT',
    path: string,
    object: KubeObject,
    signal: AbortSignal,
    options: WriteOptions,
  ): Promise<T> {
    const identity = { apiVersion: apiVersion(this.resource), kind: this.resource.kind };
    const body = JSON.stringify(object.kind === undefined ? { ...identity, ...object } : object);
    const { timeoutMs } = options;
    const target = withQuery(path, writeQuery(options));
    return readObject<T>(await this.#transport.send({ method, path: target, body, signal, timeoutMs }));
  }
}

function named(object: KubeObject): ObjectKey {
  const { namespace, name = '' } = object.metadata ?? {};
  return namespace === undefined ? { name } : { namespace, name };
}

function writeQuery(options: WriteOptions): Query {
  return { dryRun: options.dryRun === true ? 'All' : undefined, fieldManager: options.fieldManager };
}
