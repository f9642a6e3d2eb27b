/** Something that happened in a session, for who watches it live. Redacted like everything that leaves the operator. */
export interface ProgressEvent {
  readonly at: string;
  readonly iteration: number;
  readonly phase: string;
  readonly kind: 'Phase' | 'Probe' | 'Step' | 'Check';
  /** Node, step or check. */
  readonly subject: string;
  readonly state: string;
  readonly message: string;
}

type Listener = (event: ProgressEvent) => void;

/** Live progress of sessions: kept in memory for late watchers, never in status. */
export class ProgressHub {
  readonly #kept = new Map<string, ProgressEvent[]>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #keep: number;

  constructor(keep = 500) {
    this.#keep = keep;
  }

  publish(uid: string, event: ProgressEvent): void {
    const kept = this.#kept.get(uid) ?? [];
    kept.push(event);
    if (kept.length > this.#keep) kept.shift();
    this.#kept.set(uid, kept);
    for (const listener of this.#listeners.get(uid) ?? []) listener(event);
  }

  /** Tells what was kept, then what comes. The answer ends it. */
  watch(uid: string, listener: Listener): () => void {
    for (const event of this.#kept.get(uid) ?? []) listener(event);
    const listeners = this.#listeners.get(uid) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(uid, listeners);
    return () => listeners.delete(listener);
  }

  forget(uid: string): void {
    this.#kept.delete(uid);
    this.#listeners.delete(uid);
  }
}
