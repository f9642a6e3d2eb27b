import type { Clock } from '../kube/clock.ts';

interface Kept<T> {
  readonly untilMs: number;
  readonly answer: Promise<T>;
}

/** Answers that count for a while. The oldest are forgotten where there are too many. */
export class Verdicts<T> {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #keptMs: number;
  readonly #most: number;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, keptMs: number, most: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
    this.#most = most;
  }

  /** An answer is asked for once at a time and kept; a failure is not. */
  async ask(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined && known.untilMs > this.#clock.monotonicMs()) return known.answer;
    const kept = this.#keep(key, ask());
    try {
      return await kept.answer;
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      throw error;
    }
  }

  /** Keeps what was answered elsewhere. */
  put(key: string, answer: T): void {
    this.#keep(key, Promise.resolve(answer));
  }

  #keep(key: string, answer: Promise<T>): Kept<T> {
    const kept = { untilMs: this.#clock.monotonicMs() + this.#keptMs, answer };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }
}
