import { type Clock, sleepWith } from '../../controller/kube/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. `advance` fires what falls due, in order, letting promises run in between. */
export class FakeClock implements Clock {
  #nowMs: number;
  #elapsedMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly #random: () => number;

  constructor(start = new Date('2026-01-02T03:04:05.678Z'), random: () => number = () => 0) {
    this.#nowMs = start.getTime();
    this.#random = random;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  random(): number {
    return this.#random();
  }

  timer(ms: number, fire: () => void): () => void {
    this.#order += 1;
    const timer = { dueMs: this.#elapsedMs + Math.max(0, ms), order: this.#order, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepWith(ms, signal, (delay, fire) => this.timer(delay, fire));
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves both times by `ms`. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await settle();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#moveTo(next.dueMs);
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#moveTo(endMs);
  }

  /** Time passes while nothing runs: no timer fires, as when a process is paused. */
  freeze(ms: number): void {
    this.#moveTo(this.#elapsedMs + ms);
  }

  /** Makes the wall clock jump and leaves the monotonic one alone. */
  skew(ms: number): void {
    this.#nowMs += ms;
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.dueMs <= endMs);
    return due.toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }

  #moveTo(ms: number): void {
    this.#nowMs += ms - this.#elapsedMs;
    this.#elapsedMs = ms;
  }
}

/** Lets everything run that is only waiting for promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
