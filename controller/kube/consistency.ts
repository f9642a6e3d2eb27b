import type { Clock } from './clock.ts';
import type { Reconcile, Result } from './controller.ts';
import { type KubeObject, keyText, type Request } from './object.ts';

/** Something that knows how far a cache has come; an Informer. */
export interface SeenVersions {
  hasSeen(resourceVersion: string, namespace?: string): boolean;
}

interface Expectation {
  readonly cache: SeenVersions;
  readonly resourceVersion: string;
  readonly namespace: string;
  readonly untilMs: number;
}

export interface OwnWritesOptions {
  readonly clock: Clock;
  /** A write that the cache has not seen after this long is no longer waited for. */
  readonly timeoutMs?: number;
  /** How soon a skipped request is looked at again, should the cache tell of no change. */
  readonly recheckMs?: number;
}

/**
 * Remembers what a controller wrote, until its caches have seen it. In between the controller would read what was before its own
 * write and might do the same thing again; so it skips that request.
 */
export class OwnWrites {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #recheckMs: number;
  readonly #expected = new Map<string, Expectation[]>();

  constructor(options: OwnWritesOptions) {
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#recheckMs = options.recheckMs ?? 100;
  }

  /** After a write: `request` waits until `cache` has seen `written`, the server's answer. */
  wrote(request: Request, cache: SeenVersions, written: KubeObject): void {
    const { resourceVersion, namespace = '' } = written.metadata ?? {};
    if (resourceVersion === undefined) return;
    const untilMs = this.#clock.monotonicMs() + this.#timeoutMs;
    const key = keyText(request);
    const others = (this.#expected.get(key) ?? []).filter(
      (other) => other.cache !== cache || other.namespace !== namespace,
    );
    this.#expected.set(key, [...others, { cache, resourceVersion, namespace, untilMs }]);
  }

  /** Whether the caches have seen all that was written for this request, or no longer are waited for. */
  isCaughtUp(request: Request): boolean {
    const key = keyText(request);
    const now = this.#clock.monotonicMs();
    const missing = (this.#expected.get(key) ?? []).filter(
      ({ cache, resourceVersion, namespace, untilMs }) => untilMs > now && !cache.hasSeen(resourceVersion, namespace),
    );
    if (missing.length === 0) this.#expected.delete(key);
    else this.#expected.set(key, missing);
    return missing.length === 0;
  }

  /** `reconcile`, skipped while the caches are behind. */
  guard(reconcile: Reconcile): Reconcile {
    return async (request, signal, log): Promise<Result> => {
      if (this.isCaughtUp(request)) return reconcile(request, signal, log);
      return { requeueAfterMs: this.#recheckMs };
    };
  }
}
