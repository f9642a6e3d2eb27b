import type { Clock } from '../kube/clock.ts';

/** What has become of a piece of long work. */
export type Progress<T> =
  | { readonly state: 'Running' }
  | { readonly state: 'Done'; readonly value: T }
  | { readonly state: 'Failed'; readonly error: unknown };

type Job = (signal: AbortSignal) => Promise<unknown>;

interface Entry {
  progress: Progress<unknown>;
  readonly abort: AbortController;
  readonly job: Job;
  /** Cancels the time after which the result is forgotten. */
  cancel?: () => void;
}

export interface RunnerOptions {
  /** Jobs at once; more wait their turn. */
  readonly concurrency: number;
  /** Called with the session's UID when one of its jobs has ended: enqueue the session. */
  readonly onEnd: (uid: string) => void;
}

/**
 * Long work (probes, pipelines, tests, model calls) outside the reconcile workers, keyed by session and step. Asking starts it,
 * asking again tells how far it is. Results live in memory only: a job must be safe to run again after a crash, or begin by
 * looking at what was written down.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #sessions = new Map<string, Map<string, Entry>>();
  readonly #queue: (() => void)[] = [];
  readonly #writing = new Set<Promise<void>>();
  #running = 0;
  #stopped = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /**
   * @param step unique within the session, for example `3/sweep`.
   * @param kind a write is let end when the operator stops; what only reads is not.
   */
  ask<T>(uid: string, step: string, job: (signal: AbortSignal) => Promise<T>, kind?: 'Write'): Progress<T> {
    const steps = this.#sessions.get(uid) ?? new Map<string, Entry>();
    this.#sessions.set(uid, steps);
    const known = steps.get(step);
    // The step's name says what it answers: one step is always asked with one type of job.
    if (known !== undefined) return known.progress as Progress<T>;
    const entry: Entry = { progress: { state: 'Running' }, abort: new AbortController(), job };
    steps.set(step, entry);
    this.#queue.push(() => this.#begin(uid, entry, kind));
    this.#next();
    return { state: 'Running' };
  }

  /** Forgets one result, so that asking again runs it again. */
  forget(uid: string, step: string): void {
    const entry = this.#sessions.get(uid)?.get(step);
    if (entry !== undefined) end(entry);
    this.#sessions.get(uid)?.delete(step);
  }

  /**
   * Forgets a result after `ms` and then calls for its session. Until then it stays what it is, however often it is asked for: a
   * failure that is written down comes back as a change of the session, and must not be tried again for that.
   */
  forgetAfter(uid: string, step: string, ms: number, clock: Pick<Clock, 'timer'>): void {
    const entry = this.#sessions.get(uid)?.get(step);
    if (entry === undefined || entry.cancel !== undefined) return;
    entry.cancel = clock.timer(ms, () => {
      if (this.#sessions.get(uid)?.get(step) !== entry) return;
      this.#sessions.get(uid)?.delete(step);
      this.#options.onEnd(uid);
    });
  }

  /** Ends and forgets all of a session's work: it moved on, or is gone. */
  clear(uid: string): void {
    for (const entry of this.#sessions.get(uid)?.values() ?? []) end(entry);
    this.#sessions.delete(uid);
  }

  /** Nothing starts any more; resolves when the writes that have begun are over. What reads goes on until `stop`. */
  async drain(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#writing);
  }

  /** Ends everything; nothing starts any more. */
  stop(): void {
    this.#stopped = true;
    for (const uid of this.#sessions.keys()) this.clear(uid);
  }

  get active(): number {
    return this.#running;
  }

  #next(): void {
    while (this.#running < this.#options.concurrency && !this.#stopped) {
      const start = this.#queue.shift();
      if (start === undefined) return;
      this.#running += 1;
      start();
    }
  }

  #begin(uid: string, entry: Entry, kind?: 'Write'): void {
    const running = this.#run(uid, entry);
    if (kind !== 'Write') return;
    this.#writing.add(running);
    void running.then(() => this.#writing.delete(running));
  }

  async #run(uid: string, entry: Entry): Promise<void> {
    try {
      entry.abort.signal.throwIfAborted();
      entry.progress = { state: 'Done', value: await entry.job(entry.abort.signal) };
    } catch (error) {
      entry.progress = { state: 'Failed', error };
    } finally {
      this.#running -= 1;
      this.#next();
      if (!entry.abort.signal.aborted) this.#options.onEnd(uid);
    }
  }
}

function end(entry: Entry): void {
  // What has ended needs no abort, which costs a DOMException with its stack.
  if (entry.progress.state === 'Running') entry.abort.abort();
  entry.cancel?.();
}
