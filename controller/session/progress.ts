import type { Phase } from '../api/kinds.ts';
import type { Clock } from '../kube/clock.ts';
import { hasEnded } from './transition.ts';

/** Something that happened in a session, for who watches it live. Redacted like everything that leaves the operator. */
export interface ProgressEvent {
  readonly at: string;
  readonly iteration: number;
  readonly phase: Phase;
  readonly kind: 'Phase' | 'Probe' | 'Step' | 'Check';
  /** Node, step or check. */
  readonly subject: string;
  readonly state: string;
  readonly message: string;
}

type Listener = (event: ProgressEvent) => void;

export interface ProgressBounds {
  /** Events of a session, the newest. */
  readonly ofOne: number;
  /** Events of all sessions: those of the session that has told nothing for the longest time go first. */
  readonly ofAll: number;
  /** For who looks only after the end. */
  readonly afterEndMs: number;
}

/** Some 15 MB. */
const usual: ProgressBounds = { ofOne: 500, ofAll: 50_000, afterEndMs: 5 * 60_000 };

/** Live progress of sessions: kept in memory for late watchers, never in status. */
export class ProgressHub {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #bounds: ProgressBounds;
  /** By session, the one that told something last at the end. */
  readonly #kept = new Map<string, ProgressEvent[]>();
  /** When sessions ended, in that order. */
  readonly #endedMs = new Map<string, number>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #size = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>, bounds: Partial<ProgressBounds> = {}) {
    this.#clock = clock;
    this.#bounds = { ...usual, ...bounds };
  }

  /** Events that are kept, of all sessions. */
  get size(): number {
    return this.#size;
  }

  publish(uid: string, event: ProgressEvent): void {
    this.#dropEnded();
    this.#keep(uid, event);
    if (event.kind === 'Phase' && hasEnded(event.phase) && !this.#endedMs.has(uid))
      this.#endedMs.set(uid, this.#clock.monotonicMs());
    for (const listener of this.#listeners.get(uid) ?? []) listener(event);
  }

  /** Tells what was kept, then what comes. The answer ends it. */
  watch(uid: string, listener: Listener): () => void {
    this.#dropEnded();
    for (const event of this.#kept.get(uid) ?? []) listener(event);
    const listeners = this.#listeners.get(uid) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(uid, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(uid) === listeners) this.#listeners.delete(uid);
    };
  }

  forget(uid: string): void {
    this.#drop(uid);
    this.#listeners.delete(uid);
  }

  #keep(uid: string, event: ProgressEvent): void {
    const kept = this.#kept.get(uid) ?? [];
    kept.push(event);
    this.#size += 1;
    if (kept.length > this.#bounds.ofOne) {
      kept.shift();
      this.#size -= 1;
    }
    this.#kept.delete(uid);
    this.#kept.set(uid, kept);
    for (const quiet of this.#kept.keys()) {
      if (this.#size <= this.#bounds.ofAll || quiet === uid) break;
      this.#drop(quiet);
    }
  }

  /** Looked at whenever something is told or asked for: a hub in which nothing happens does not grow. */
  #dropEnded(): void {
    const beforeMs = this.#clock.monotonicMs() - this.#bounds.afterEndMs;
    for (const [uid, endedMs] of this.#endedMs) {
      if (endedMs > beforeMs) break;
      this.#drop(uid);
    }
  }

  #drop(uid: string): void {
    this.#size -= this.#kept.get(uid)?.length ?? 0;
    this.#kept.delete(uid);
    this.#endedMs.delete(uid);
  }
}
