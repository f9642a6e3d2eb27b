import type { Clock } from './clock.ts';

interface Bucket {
  tokens: number;
  filledMs: number;
}

/** At once for one object, and how soon one more is allowed after that. */
const burst = 25;
const refillMs = 30_000;
const maxObjects = 4096;

/** How many events may be recorded for each object: a token bucket each, so that a loop cannot flood the API server. */
export class EventBudget {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more is allowed for this object, which it then has used. */
  take(uid: string): boolean {
    const now = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(uid) ?? { tokens: burst, filledMs: now };
    const gained = Math.floor((now - bucket.filledMs) / refillMs);
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.filledMs += gained * refillMs;
    this.#remember(uid, bucket);
    if (bucket.tokens === 0) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** The objects heard of least recently are forgotten first. */
  #remember(uid: string, bucket: Bucket): void {
    this.#buckets.delete(uid);
    this.#buckets.set(uid, bucket);
    if (this.#buckets.size <= maxObjects) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
