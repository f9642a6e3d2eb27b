import type { Clock } from './clock.ts';
import { type Handler, Handlers } from './handlers.ts';
import { compareResourceVersions, type KubeObject } from './object.ts';
import type { Log, Metrics } from './observe.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';
import type { ResourceClient, Selection } from './resource-client.ts';
import { type Change, type Indexer, type Reader, Store } from './store.ts';
import type { WatchEvent } from './watch.ts';

export interface InformerOptions<T extends KubeObject> {
  readonly client: ResourceClient<T>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly indexers?: Readonly<Record<string, Indexer<T>>>;
  /** Only these namespaces, each with a watch of its own; all by one watch when absent. */
  readonly namespaces?: readonly string[];
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly tuning?: Pick<ReflectorOptions<T>, 'pageSize' | 'watchMs' | 'idleMs' | 'listTimeoutMs' | 'backoff'>;
}

/** A cache of one resource, kept up to date by watches, which tells its handlers of every change. */
export class Informer<T extends KubeObject> {
  readonly #store: Store<T>;
  readonly #handlers: Handlers<T>;
  readonly #reflectors: readonly Reflector<T>[];
  /** The newest version seen in each scope: a namespace, or '' for all. */
  readonly #versions = new Map<string, string>();
  readonly #whenSynced = Promise.withResolvers<void>();

  constructor(options: InformerOptions<T>) {
    const { clock, log, metrics, client } = options;
    const name = client.resource.plural;
    const indexFailed = (error: unknown): void => log.error('an indexer threw', { cache: name, error });
    this.#store = new Store<T>(options.indexers, indexFailed);
    this.#handlers = new Handlers<T>({ name, store: this.#store, clock, log, metrics });
    const scopes = options.namespaces ?? [''];
    this.#reflectors = scopes.map((scope) => this.#reflector(options, scope));
    const objects = metrics.gauge('threehops_cache_objects', 'Objects in a cache.', ['cache']);
    objects.onScrape(() => objects.set({ cache: name }, this.#store.size));
  }

  /** What is known. Frozen. */
  get store(): Reader<T> & { ownedBy(uid: string): readonly T[] } {
    return this.#store;
  }

  /** True once every list has come. */
  get hasSynced(): boolean {
    return this.#reflectors.every((reflector) => reflector.hasSynced);
  }

  /** Why it is not up to date, if it is not: the latest failure of a list or watch. */
  get lastError(): Error | undefined {
    return this.#reflectors.find((reflector) => reflector.lastError !== undefined)?.lastError;
  }

  /** Tells of every change from now on, and first of all that is there. The answer stops it. */
  onChange(handler: Handler<T>): () => void {
    return this.#handlers.add(handler);
  }

  /** Whether what was written at `resourceVersion` in that namespace has come back to this cache. */
  hasSeen(resourceVersion: string, namespace = ''): boolean {
    const seen = this.#versions.get(namespace) ?? this.#versions.get('');
    return seen !== undefined && compareResourceVersions(seen, resourceVersion) >= 0;
  }

  /** Resolves once `hasSynced`; rejects with the signal's reason. */
  async synced(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#whenSynced.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }

  #reflector(options: InformerOptions<T>, scope: string): Reflector<T> {
    const { client, clock, log, labelSelector, fieldSelector, tuning } = options;
    const selection: Selection = {
      ...(scope === '' ? {} : { namespace: scope }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
    const sink = {
      replace: (objects: readonly T[], version: string) => this.#replace(scope, objects, version),
      apply: (event: WatchEvent<T>) => this.#apply(scope, event),
    };
    return new Reflector<T>({ ...tuning, client, clock, log, selection, sink });
  }

  #replace(scope: string, objects: readonly T[], resourceVersion: string): void {
    const changes = this.#store.replace(objects, scope === '' ? undefined : scope);
    this.#versions.set(scope, resourceVersion);
    this.#handlers.tell(changes);
    // The reflector counts itself as synced only when this returns.
    queueMicrotask(() => {
      if (this.hasSynced) this.#whenSynced.resolve();
    });
  }

  #apply(scope: string, event: WatchEvent<T>): void {
    const changes = event.type === 'BOOKMARK' ? [] : this.#change(event.type, event.object);
    const version = event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata?.resourceVersion;
    if (version !== undefined && version !== '') this.#versions.set(scope, version);
    this.#handlers.tell(changes);
  }

  #change(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T): readonly Change<T>[] {
    return type === 'DELETED' ? this.#store.remove(object) : this.#store.put(object);
  }
}
