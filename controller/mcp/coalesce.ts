import canonicalize from 'canonicalize';
import type { JsonObject } from '../api/json.ts';
import { deepFreeze } from '../config/deep-freeze.ts';
import type { Clock } from '../kube/clock.ts';
import { SharedWork } from './shared-work.ts';

/** What makes two questions the same one. */
export interface Question {
  /** The thing that is asked about, and how: a node's identity and skill, or server and tool. */
  readonly identity: string;
  readonly args: JsonObject;
  /** `ToolCredentials.digest`: what one may see, another may not. */
  readonly credentials: string;
}

export interface CoalescerOptions {
  readonly clock: Clock;
  /** `coalesceMs` of the operator's configuration. */
  readonly maxAgeMs: number;
  /** Answers kept at most; 1,000 by default. */
  readonly maxEntries?: number;
}

export interface SharingOptions {
  readonly signal: AbortSignal;
  /**
   * No answer that was begun before this (on `clock.monotonicMs`): after an act, what was read before it does not count.
   * Infinity always asks anew.
   */
  readonly notBefore?: number;
}

/** The same question asked by many within a short time is asked once. Answers are frozen, as many hold them. */
export class Coalescer {
  readonly #options: CoalescerOptions;
  readonly #entries = new Map<string, SharedWork<unknown>>();

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  /**
   * The answer of `work`, or of an equal question that is still under way or was begun at most `maxAgeMs` ago. `work` is
   * aborted when the last of those who wait for it gives up. A failure is shared by those who wait, and not kept.
   */
  async share<T>(question: Question, work: (signal: AbortSignal) => Promise<T>, options: SharingOptions): Promise<T> {
    options.signal.throwIfAborted();
    this.#drop();
    const key = keyOf(question);
    const known = this.#entries.get(key);
    if (known !== undefined && known.startedMs >= (options.notBefore ?? 0) && this.#fresh(known)) {
      return known.wait(options.signal) as Promise<T>;
    }
    return this.#begin(key, work).wait(options.signal);
  }

  #begin<T>(key: string, work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
    const startedMs = this.#options.clock.monotonicMs();
    const shared = new SharedWork<T>(
      startedMs,
      async (signal) => deepFreeze(await work(signal)),
      () => {
        if (this.#entries.get(key) === shared) this.#entries.delete(key);
      },
    );
    // Deleted first, so that the map stays in the order of beginning.
    this.#entries.delete(key);
    this.#entries.set(key, shared);
    return shared;
  }

  #fresh(entry: SharedWork<unknown>): boolean {
    // From its beginning: an answer may be as old as the first thing that was read for it.
    return !entry.done || this.#options.clock.monotonicMs() - entry.startedMs <= this.#options.maxAgeMs;
  }

  #drop(): void {
    const most = this.#options.maxEntries ?? 1_000;
    for (const [key, entry] of this.#entries) {
      if (!entry.done) continue;
      if (this.#fresh(entry) && this.#entries.size <= most) return;
      this.#entries.delete(key);
    }
  }
}

function keyOf({ identity, args, credentials }: Question): string {
  return [credentials, identity, canonicalize(args)].join('\n');
}
