import { Backoff, type BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { isAborted } from './control-errors.ts';
import { ApiError, TooManyRequests, Unavailable } from './errors.ts';
import type { KubeObject } from './object.ts';
import type { Log } from './observe.ts';
import type { ResourceClient, Selection } from './resource-client.ts';
import type { WatchEvent } from './watch.ts';

/** Where a reflector puts what it sees. What these throw ends the watch, and the reflector lists again. */
export interface ReflectorSink<T> {
  /** The whole state, after a list. */
  replace(objects: readonly T[], resourceVersion: string): void;
  /** One change after it. */
  apply(event: WatchEvent<T>): void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: ResourceClient<T>;
  readonly sink: ReflectorSink<T>;
  readonly clock: Clock;
  readonly log: Log;
  readonly selection?: Selection;
  /** Objects in one page of a list. */
  readonly pageSize?: number;
  /** The server is asked to end a watch after this long, up to twice that at random. */
  readonly watchMs?: number;
  /** A watch on which nothing comes for this long, not even a bookmark (one a minute), is dead. */
  readonly idleMs?: number;
  readonly listTimeoutMs?: number;
  readonly backoff?: BackoffOptions;
}

const defaultBackoff: BackoffOptions = { baseMs: 500, maxMs: 30_000, jitter: 1 };
const quickWatchMs = 1000;

/** Nothing came on a watch for too long. */
class IdleWatch extends Error {
  constructor(idleMs: number) {
    super(`nothing came on the watch for ${idleMs} ms`);
    this.name = 'IdleWatch';
  }
}

/** Lists a resource and then watches it for ever, telling the sink. Survives every answer an API server gives. */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  /** Where to go on; undefined asks for a list. */
  #resourceVersion: string | undefined;
  #listed = false;
  #lastError: Error | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff(options.backoff ?? defaultBackoff, options.clock);
  }

  /** True once a list has come whole. A list that is refused (403) never makes it true. */
  get hasSynced(): boolean {
    return this.#listed;
  }

  /** Why the last list or watch failed; undefined while all is well. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Runs until the signal aborts, then resolves. After an abort nothing is sent any more. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delayMs = await this.#listOrWatch(signal);
      if (delayMs > 0 && !signal.aborted) await this.#pause(delayMs, signal);
    }
  }

  /** One list or one watch; how long to wait before the next. */
  async #listOrWatch(signal: AbortSignal): Promise<number> {
    try {
      if (this.#resourceVersion === undefined) await this.#list(signal);
      else return await this.#watch(this.#resourceVersion, signal);
      return 0;
    } catch (error) {
      return signal.aborted || isAborted(error, signal) ? 0 : this.#failed(error);
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, selection, pageSize = 500, listTimeoutMs = 60_000, sink } = this.#options;
    const objects: T[] = [];
    let next: string | undefined;
    let resourceVersion = '';
    do {
      // Without a resourceVersion the answer is the newest state: after a restart the cache never starts in the past.
      const options = { ...selection, limit: pageSize, timeoutMs: listTimeoutMs };
      const page = await client.list(next === undefined ? options : { ...options, continue: next }, signal);
      if (signal.aborted) return;
      objects.push(...page.items);
      resourceVersion = page.resourceVersion;
      next = page.continue;
    } while (next !== undefined);
    sink.replace(objects, resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#listed = true;
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<number> {
    const { client, clock, selection, watchMs = 300_000 } = this.#options;
    const startedMs = clock.monotonicMs();
    const idle = this.#watchdog(signal);
    let events = 0;
    const onEvent = (event: WatchEvent<T>): void => {
      events += 1;
      idle.alive();
      this.#apply(event);
    };
    const timeoutSeconds = Math.ceil((watchMs / 1000) * (1 + clock.random()));
    try {
      await client.watch({ ...selection, resourceVersion, timeoutSeconds, onEvent }, idle.signal);
    } finally {
      idle.stop();
    }
    // A server that ends every watch at once must not be asked in a hot loop.
    const quick = events === 0 && clock.monotonicMs() - startedMs < quickWatchMs;
    if (quick) return this.#backoff.next();
    this.#well();
    return 0;
  }

  #apply(event: WatchEvent<T>): void {
    try {
      this.#options.sink.apply(event);
    } catch (error) {
      // The cache may now lack this change: going on after it would hide that for ever.
      this.#resourceVersion = undefined;
      throw error;
    }
    const version = event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata?.resourceVersion;
    if (version !== undefined && version !== '') this.#resourceVersion = version;
    this.#well();
  }

  #watchdog(signal: AbortSignal): { readonly signal: AbortSignal; alive(): void; stop(): void } {
    const { clock, idleMs = 180_000 } = this.#options;
    const dead = new AbortController();
    let lastMs = clock.monotonicMs();
    let cancel = (): void => undefined;
    const arm = (ms: number): void => {
      cancel = clock.timer(ms, () => {
        const leftMs = lastMs + idleMs - clock.monotonicMs();
        if (leftMs > 0) arm(leftMs);
        else dead.abort(new IdleWatch(idleMs));
      });
    };
    arm(idleMs);
    return {
      signal: AbortSignal.any([signal, dead.signal]),
      alive: () => (lastMs = clock.monotonicMs()),
      stop: () => cancel(),
    };
  }

  #failed(error: unknown): number {
    this.#lastError = error instanceof Error ? error : new Error('not an error', { cause: error });
    if (!mayResume(error)) this.#resourceVersion = undefined;
    const relist = this.#resourceVersion === undefined;
    const delayMs = Math.max(this.#backoff.next(), error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0);
    const { plural, group } = this.#options.client.resource;
    this.#options.log.warn('the watch failed', { group, plural, relist, delayMs: Math.round(delayMs), error });
    return delayMs;
  }

  #well(): void {
    this.#lastError = undefined;
    this.#backoff.reset();
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(ms, signal).catch(() => undefined);
  }
}

/** Whether the watch can go on where it was. A broken connection or a busy server says nothing about our version; all else does. */
function mayResume(error: unknown): boolean {
  if (error instanceof TooManyRequests) return true;
  return error instanceof Unavailable && error.status !== 500 && !(error.cause instanceof SyntaxError);
}
