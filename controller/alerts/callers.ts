import { createHash } from 'node:crypto';
import type { Clock } from '../kube/clock.ts';
import type { User, Wanted } from '../kube/reviews.ts';
import { Overloaded } from './overloaded.ts';
import { TokenBucket } from './token-bucket.ts';

/** The cluster's word on who somebody is and what he may. Throws ApiError where it cannot be asked. */
export interface Reviews {
  userOf(token: string, signal: AbortSignal): Promise<User | undefined>;
  isAllowed(user: User, wanted: Wanted, signal: AbortSignal): Promise<boolean>;
}

/** Somebody whom the cluster knows. */
export interface Caller {
  readonly username: string;
  /** Whether he may open sessions in a namespace. */
  mayOpenIn(namespace: string): Promise<boolean>;
}

/** How long a verdict counts: so late does a right that is taken away end. */
const keptMs = 10_000;
const mostKept = 1000;
/** Tokens a second that nobody has asked about yet: who sends rubbish must not keep the API server busy. */
const reviewsPerSecond = 20;
const reviewsAtOnce = 40;

interface Kept {
  readonly untilMs: number;
  readonly answer: Promise<unknown>;
}

/** Asks the cluster, and remembers for a few seconds what it said, by a hash of the token. */
export class Callers {
  readonly #reviews: Reviews;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  readonly #bucket: TokenBucket;

  constructor(reviews: Reviews, clock: Clock) {
    this.#reviews = reviews;
    this.#clock = clock;
    this.#bucket = new TokenBucket(clock, reviewsPerSecond, reviewsAtOnce);
  }

  /** Undefined where the cluster does not know the token. @throws ApiError, Overloaded. */
  async callerOf(token: string, signal: AbortSignal): Promise<Caller | undefined> {
    const hash = createHash('sha256').update(token).digest('hex');
    const user = await this.#once(hash, async () => {
      if (!this.#bucket.take()) throw new Overloaded('too many unknown tokens');
      return this.#reviews.userOf(token, signal);
    });
    if (user === undefined) return undefined;
    return {
      username: user.username,
      mayOpenIn: (namespace) =>
        this.#once(`${hash} ${namespace}`, () =>
          this.#reviews.isAllowed(user, { namespace, verb: 'create', resource: 'debugsessions' }, signal),
        ),
    };
  }

  /** An answer is asked for once at a time and kept; a failure is not. */
  async #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#kept.get(key);
    // It was put in under this key by the same question.
    if (known !== undefined && known.untilMs > nowMs) return known.answer as Promise<T>;
    const answer = ask();
    const kept = { untilMs: nowMs + keptMs, answer };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    try {
      return await answer;
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      throw error;
    }
  }
}
