import { createHash } from 'node:crypto';
import type { Clock } from '../kube/clock.ts';
import type { User, Wanted } from '../kube/reviews.ts';
import { Recent } from './recent.ts';
import { UnknownTokens } from './unknown-tokens.ts';
import { Verdicts } from './verdicts.ts';

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

/**
 * Asks the cluster, and remembers for a few seconds what it said, by a hash of the token. What is known to be good is kept apart from what
 * was not known: however many tokens somebody makes up, who was known is asked about again, and needs no room among them.
 */
export class Callers {
  readonly #reviews: Reviews;
  readonly #known: Verdicts<User | undefined>;
  readonly #unknown: Verdicts<User | undefined>;
  readonly #rights: Verdicts<boolean>;
  readonly #unknownTokens: UnknownTokens;
  /** Tokens that were good when they were last asked about, and addresses that such have come from. */
  readonly #good = new Recent<true>(mostKept);
  readonly #trusted = new Recent<true>(mostKept);

  constructor(reviews: Reviews, clock: Clock) {
    this.#reviews = reviews;
    this.#known = new Verdicts(clock, keptMs, mostKept);
    this.#unknown = new Verdicts(clock, keptMs, mostKept);
    this.#rights = new Verdicts(clock, keptMs, mostKept);
    this.#unknownTokens = new UnknownTokens(clock);
  }

  /**
   * Undefined where the cluster does not know the token. @throws ApiError, Overloaded.
   * @param address where it comes from
   */
  async callerOf(token: string, address: string, signal: AbortSignal): Promise<Caller | undefined> {
    const hash = createHash('sha256').update(token).digest('hex');
    const ask = (): Promise<User | undefined> => this.#reviews.userOf(token, signal);
    const user = this.#good.get(hash) ? await this.#again(hash, ask) : await this.#first(hash, address, ask);
    if (user === undefined) return undefined;
    return {
      username: user.username,
      mayOpenIn: (namespace) =>
        this.#rights.ask(`${hash} ${namespace}`, () =>
          this.#reviews.isAllowed(user, { namespace, verb: 'create', resource: 'debugsessions' }, signal),
        ),
    };
  }

  /** Once in a while for each token that was good: that needs no further bound. */
  async #again(hash: string, ask: () => Promise<User | undefined>): Promise<User | undefined> {
    const user = await this.#known.ask(hash, ask);
    if (user !== undefined) return user;
    this.#good.delete(hash);
    this.#unknown.put(hash, undefined);
    return undefined;
  }

  async #first(hash: string, address: string, ask: () => Promise<User | undefined>): Promise<User | undefined> {
    const isTrusted = this.#trusted.get(address) === true;
    const user = await this.#unknown.ask(hash, () => this.#unknownTokens.ask(address, isTrusted, ask));
    if (user === undefined) return undefined;
    this.#good.set(hash, true);
    this.#trusted.set(address, true);
    this.#known.put(hash, user);
    return user;
  }
}
