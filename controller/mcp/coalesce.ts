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
  /** All answers that are kept, together, in characters of JSON; 64 Mi by default. */
  readonly maxSize?: number;
}

interface Entry {
  readonly work: SharedWork<unknown>;
  /** In characters of JSON; 0 until there is an answer. */
  size: number;
}

/** The same question asked by many within a short time is asked once. Answers are frozen, as many hold them. */
export class Coalescer {
  readonly #options: CoalescerOptions;
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  /** How much is kept, in characters of JSON. */
  get size(): number {
    return this.#size;
  }

  /**
   * The answer of `work`, or of an equal question that is still under way or was begun at most `maxAgeMs` ago. `work` is
   * aborted when the last of those who wait for it gives up. A failure is shared by those who wait, and not kept.
   */
  async share<T>(question: Question, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    this.#drop();
    const key = keyOf(question);
    const known = this.#entries.get(key);
    if (known !== undefined && this.#fresh(known)) return known.work.wait(signal) as Promise<T>;
    return this.#begin(key, work).wait(signal);
  }

  #begin<T>(key: string, work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
    const startedMs = this.#options.clock.monotonicMs();
    const asked = async (signal: AbortSignal): Promise<T> => {
      const answer = deepFreeze(await work(signal));
      this.#keep(key, entry, answer);
      return answer;
    };
    const shared = new SharedWork<T>(startedMs, asked, () => {
      if (this.#entries.get(key) === entry) this.#forget(key);
    });
    const entry: Entry = { work: shared, size: 0 };
    // Forgotten first, so that the map stays in the order of beginning.
    this.#forget(key);
    this.#entries.set(key, entry);
    return shared;
  }

  #keep(key: string, entry: Entry, answer: unknown): void {
    if (this.#entries.get(key) !== entry) return;
    entry.size = JSON.stringify(answer)?.length ?? 0;
    this.#size += entry.size;
    this.#drop();
    // Where nobody asks again, nobody else would let go of it.
    this.#options.clock.timer(this.#options.maxAgeMs + 1, () => this.#drop());
  }

  #forget(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  #fresh({ work }: Entry): boolean {
    // From its beginning: an answer may be as old as the first thing that was read for it.
    return !work.done || this.#options.clock.monotonicMs() - work.startedMs <= this.#options.maxAgeMs;
  }

  #drop(): void {
    const { maxEntries = 1_000, maxSize = 64 * 1024 * 1024 } = this.#options;
    for (const [key, entry] of this.#entries) {
      if (!entry.work.done) continue;
      if (this.#fresh(entry) && this.#entries.size <= maxEntries && this.#size <= maxSize) return;
      this.#forget(key);
    }
  }
}

function keyOf({ identity, args, credentials }: Question): string {
  return [credentials, identity, canonicalize(args)].join('\n');
}
