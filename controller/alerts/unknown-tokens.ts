import type { Clock } from '../kube/clock.ts';
import { Overloaded } from './overloaded.ts';
import { TokenBucket, TokenBuckets } from './token-bucket.ts';

/** Of all that nobody has asked about yet, a second: who sends rubbish must not keep the API server busy. */
const perSecond = 20;
const burst = 40;
/** From one address, so that those of another one are still asked about. */
const perSecondOfOne = 5;
const burstOfOne = 20;
/** At once. */
const mostAsked = 32;

/** How much is asked about tokens of which nothing is known. */
export class UnknownTokens {
  readonly #all: TokenBucket;
  readonly #byAddress: TokenBuckets;
  #asked = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#all = new TokenBucket(clock, perSecond, burst);
    this.#byAddress = new TokenBuckets(clock, perSecondOfOne, burstOfOne);
  }

  /**
   * @param isTrusted whether somebody known has come from there: then what others send is not counted against it
   * @throws Overloaded; what asking throws.
   */
  async ask<T>(address: string, isTrusted: boolean, ask: () => Promise<T>): Promise<T> {
    const mayAsk = this.#byAddress.take(address) && (isTrusted || (this.#asked < mostAsked && this.#all.take()));
    if (!mayAsk) throw new Overloaded('too many unknown tokens');
    if (isTrusted) return ask();
    this.#asked += 1;
    try {
      return await ask();
    } finally {
      this.#asked -= 1;
    }
  }
}
