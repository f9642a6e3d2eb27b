import type { Clock } from './clock.ts';

export interface BackoffOptions {
  /** The first delay. */
  readonly baseMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** Adds up to this share of a delay at random, so that many do not come back at once. */
  readonly jitter: number;
}

/** `baseMs * 2^failures`, at most `maxMs`, plus jitter. `failures` counts those before this one. */
export function backoffMs(options: BackoffOptions, failures: number, clock: Clock): number {
  const plain = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(failures, 40));
  return plain * (1 + options.jitter * clock.random());
}

/** Delays that double from failure to failure of one thing. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #clock: Clock;
  #failures = 0;

  constructor(options: BackoffOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  next(): number {
    const delay = backoffMs(this.#options, this.#failures, this.#clock);
    this.#failures += 1;
    return delay;
  }

  reset(): void {
    this.#failures = 0;
  }
}
