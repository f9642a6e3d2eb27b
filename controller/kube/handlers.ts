import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type KubeObject, keyOf } from './object.ts';
import type { Counter, Log, Metrics } from './observe.ts';
import type { Change, Store } from './store.ts';

/** Is told of every change in a cache, in order. Must be quick: it only decides what to reconcile. */
export type Handler<T> = (change: Change<T>) => void;

export interface HandlersOptions<T extends KubeObject> {
  readonly name: string;
  readonly store: Store<T>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const retryBackoff: BackoffOptions = { baseMs: 1000, maxMs: 60_000, jitter: 0.2 };

/** Calls handlers. One that throws is told of that object again later, until it takes it: no change is lost to a passing error. */
export class Handlers<T extends KubeObject> {
  readonly #options: HandlersOptions<T>;
  readonly #errors: Counter;
  readonly #handlers = new Set<Handler<T>>();
  readonly #timers = new Map<Handler<T>, Map<string, () => void>>();

  constructor(options: HandlersOptions<T>) {
    this.#options = options;
    const help = 'Handlers of a cache that threw.';
    this.#errors = options.metrics.counter('threehops_cache_handler_errors_total', help, ['cache']);
  }

  /** Adds a handler and tells it of all that is there already. The answer takes it away. */
  add(handler: Handler<T>): () => void {
    this.#handlers.add(handler);
    for (const object of this.#options.store.list()) this.#tell(handler, { type: 'added', object }, 0);
    return () => {
      this.#handlers.delete(handler);
      for (const cancel of this.#timers.get(handler)?.values() ?? []) cancel();
      this.#timers.delete(handler);
    };
  }

  tell(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      for (const handler of this.#handlers) this.#tell(handler, change, 0);
    }
  }

  #tell(handler: Handler<T>, change: Change<T>, failures: number): void {
    try {
      handler(change);
    } catch (error) {
      this.#errors.inc({ cache: this.#options.name });
      this.#options.log.error('a cache handler threw', { cache: this.#options.name, failures, error });
      this.#later(handler, change, failures);
    }
  }

  #later(handler: Handler<T>, change: Change<T>, failures: number): void {
    const { clock, store } = this.#options;
    const key = keyOf(change.object);
    const timers = this.#timers.get(handler) ?? new Map<string, () => void>();
    this.#timers.set(handler, timers);
    timers.get(key)?.();
    const again = (): void => {
      timers.delete(key);
      const { namespace = '', name = '' } = change.object.metadata ?? {};
      const object = store.get({ namespace, name });
      const sameObject = object?.metadata?.uid === change.object.metadata?.uid;
      if (change.type === 'deleted' && !sameObject) this.#tell(handler, change, failures + 1);
      else if (object !== undefined) this.#tell(handler, { type: 'updated', object, replaced: object }, failures + 1);
    };
    timers.set(key, clock.timer(backoffMs(retryBackoff, failures, clock), again));
  }
}
