import type { Clock } from '../kube/clock.ts';
import { Recent } from './recent.ts';

type Monotonic = Pick<Clock, 'monotonicMs'>;

/** So many at once, and so many a second. */
export class TokenBucket {
  readonly #clock: Monotonic;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(clock: Monotonic, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = clock.monotonicMs();
  }

  /** Whether one more may be had now. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

const mostKept = 1000;

/** A bucket for each name, so that nobody is kept waiting by another one. Those not used for the longest time are forgotten, and full again. */
export class TokenBuckets {
  readonly #made: () => TokenBucket;
  readonly #buckets = new Recent<TokenBucket>(mostKept);

  constructor(clock: Monotonic, perSecond: number, burst: number) {
    this.#made = () => new TokenBucket(clock, perSecond, burst);
  }

  take(name: string): boolean {
    const bucket = this.#buckets.get(name) ?? this.#made();
    this.#buckets.set(name, bucket);
    return bucket.take();
  }
}
