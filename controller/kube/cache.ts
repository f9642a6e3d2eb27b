import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { Informer, type InformerOptions } from './informer.ts';
import type { KubeObject } from './object.ts';
import { type Log, type Metrics, noLog, noMetrics } from './observe.ts';
import type { Resource } from './resource.ts';

export interface CacheOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log?: Log;
  readonly metrics?: Metrics;
}

type Choice<T extends KubeObject> = Omit<InformerOptions<T>, 'client' | 'clock' | 'log' | 'metrics'>;

/** The informers of a process: one for each resource, shared by all who read it. */
export class Cache {
  readonly #options: CacheOptions;
  readonly #informers = new Map<string, Informer<never>>();
  #signal: AbortSignal | undefined;
  readonly #runs: Promise<void>[] = [];

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** The informer of a resource. What is chosen (indexers, namespaces) counts the first time; later calls get the same one. */
  informer<T extends KubeObject>(of: Resource<T>, choice: Choice<T> = {}): Informer<T> {
    const key = `${of.group}/${of.version}/${of.plural}`;
    const present = this.#informers.get(key);
    if (present !== undefined) return present as unknown as Informer<T>;
    const { client, clock, log = noLog, metrics = noMetrics } = this.#options;
    const informer = new Informer<T>({ ...choice, client: client.resource(of), clock, log, metrics });
    this.#informers.set(key, informer as unknown as Informer<never>);
    if (this.#signal !== undefined) this.#runs.push(informer.run(this.#signal));
    return informer;
  }

  /** Runs every informer, also those asked for later, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    for (const informer of this.#informers.values()) this.#runs.push(informer.run(signal));
    const stopped = Promise.withResolvers<void>();
    if (signal.aborted) stopped.resolve();
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    await stopped.promise;
    await Promise.all(this.#runs);
  }

  /** Resolves once every informer asked for so far has synced. */
  async synced(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.synced(signal)));
  }

  /** Whether all have synced; false names itself in `/readyz`. */
  get hasSynced(): boolean {
    return [...this.#informers.values()].every((informer) => informer.hasSynced);
  }
}
