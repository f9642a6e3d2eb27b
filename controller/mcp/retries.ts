import { Backoff } from '../kube/backoff.ts';
import type { Clock } from '../kube/clock.ts';

interface Failing {
  readonly backoff: Backoff;
  untilMs: number;
  error: unknown;
}

const backoff = { baseMs: 500, maxMs: 60_000, jitter: 0.2 };
const forgetMs = 600_000;

/** Spares what just failed: tries at one thing come further and further apart until one succeeds. */
export class Retries {
  readonly #clock: Clock;
  readonly #failing = new Map<string, Failing>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why it is not to be tried now, with what it last failed of as the cause; undefined when it is to be. */
  holdsOff(key: string): Error | undefined {
    const failing = this.#failing.get(key);
    const leftMs = (failing?.untilMs ?? 0) - this.#clock.monotonicMs();
    if (failing === undefined || leftMs <= 0) return undefined;
    const words = failing.error instanceof Error ? failing.error.message : String(failing.error);
    return new Error(`${words} (tried again in ${(leftMs / 1000).toFixed(1)} s)`, { cause: failing.error });
  }

  failed(key: string, error: unknown): void {
    const now = this.#clock.monotonicMs();
    for (const [known, { untilMs }] of this.#failing) {
      if (untilMs + forgetMs < now) this.#failing.delete(known);
    }
    const failing = this.#failing.get(key) ?? { backoff: new Backoff(backoff, this.#clock), untilMs: 0, error };
    failing.untilMs = now + failing.backoff.next();
    failing.error = error;
    this.#failing.set(key, failing);
  }

  succeeded(key: string): void {
    this.#failing.delete(key);
  }
}
