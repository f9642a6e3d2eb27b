import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { keyText, type Request } from './object.ts';
import { type Metrics, noMetrics } from './observe.ts';
import { QueueMetrics } from './queue-metrics.ts';

export interface QueueOptions {
  /** The label of its metrics. */
  readonly name: string;
  readonly clock: Clock;
  readonly metrics?: Metrics;
  readonly backoff?: BackoffOptions;
}

interface Delayed {
  readonly dueMs: number;
  readonly cancel: () => void;
}

const defaultBackoff: BackoffOptions = { baseMs: 100, maxMs: 300_000, jitter: 0.1 };

/**
 * What is to be reconciled: keys, each at most once, and never one that is being worked on. A key added while in work comes back
 * when that is done, so that no change is missed and no two workers ever have the same object.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  readonly #backoff: BackoffOptions;
  readonly #ready: Request[] = [];
  #head = 0;
  /** Wanted and not yet handed out, with the time of the first add. */
  readonly #dirty = new Map<string, number>();
  /** Handed out, with the time when. */
  readonly #working = new Map<string, number>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((request: Request | undefined) => void)[] = [];
  #finishing = false;
  #stopped = false;

  constructor(options: QueueOptions) {
    this.#clock = options.clock;
    this.#backoff = options.backoff ?? defaultBackoff;
    const metrics = options.metrics ?? noMetrics;
    this.#metrics = new QueueMetrics(options.name, metrics, options.clock);
    this.#metrics.watch(
      metrics,
      () => this.length,
      () => this.#working.values(),
    );
  }

  /** Requests that wait for a worker; those that wait for their time are not among them. */
  get length(): number {
    return this.#ready.length - this.#head;
  }

  /** Wants the object reconciled, now or as soon as it is no longer in work. */
  add(request: Request): void {
    const key = keyText(request);
    if (this.#finishing || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#clock.monotonicMs());
    this.#metrics.added();
    if (!this.#working.has(key)) this.#offer(request);
  }

  /** Adds after `ms`, or at the earlier time for which it is already set. */
  addAfter(request: Request, ms: number): void {
    if (ms <= 0) this.add(request);
    if (ms <= 0 || this.#finishing) return;
    const key = keyText(request);
    const dueMs = this.#clock.monotonicMs() + ms;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.dueMs <= dueMs) return;
    earlier?.cancel();
    const cancel = this.#clock.timer(ms, () => {
      this.#delayed.delete(key);
      this.add(request);
    });
    this.#delayed.set(key, { dueMs, cancel });
  }

  /** Adds after this key's backoff, at least `atLeastMs`; answers the delay. */
  addRateLimited(request: Request, atLeastMs = 0): number {
    const key = keyText(request);
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#metrics.retried();
    const delayMs = Math.max(atLeastMs, backoffMs(this.#backoff, failures, this.#clock));
    this.addAfter(request, delayMs);
    return delayMs;
  }

  /** Ends the backoff of a key, after a success. */
  forget(request: Request): void {
    this.#failures.delete(keyText(request));
  }

  /** How often a key was rate limited since it was forgotten. */
  failuresOf(request: Request): number {
    return this.#failures.get(keyText(request)) ?? 0;
  }

  /** The next request, which then is in work until `done`. Undefined once the queue has stopped. */
  take(): Promise<Request | undefined> {
    if (this.#stopped) return Promise.resolve(undefined);
    const request = this.#shift();
    if (request !== undefined) return Promise.resolve(this.#start(request));
    if (this.#finishing) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The work on a request has ended, well or not. */
  done(request: Request): void {
    const key = keyText(request);
    const startedAtMs = this.#working.get(key);
    if (startedAtMs === undefined) return;
    this.#working.delete(key);
    this.#metrics.finished(startedAtMs);
    if (this.#dirty.has(key) && !this.#stopped) this.#offer(request);
  }

  /** Takes nothing more and cancels what waits for its time; hands out what it has, and then nothing. */
  finish(): void {
    this.#finishing = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /** Hands out nothing more, either. What is in work goes on. */
  stop(): void {
    this.#stopped = true;
    this.finish();
  }

  /** Requests in work and when each began, by the monotonic clock. */
  inWork(): ReadonlyMap<string, number> {
    return this.#working;
  }

  #offer(request: Request): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#ready.push(request);
    else taker(this.#start(request));
  }

  #start(request: Request): Request {
    const key = keyText(request);
    const now = this.#clock.monotonicMs();
    this.#metrics.started(this.#dirty.get(key) ?? now);
    this.#dirty.delete(key);
    this.#working.set(key, now);
    return request;
  }

  /** First in, first out; the array is cut now and then, because shifting a long one is slow. */
  #shift(): Request | undefined {
    const request = this.#ready[this.#head];
    if (request === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready.splice(0, this.#head);
      this.#head = 0;
    }
    return request;
  }
}
