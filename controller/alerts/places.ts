import { Overloaded } from './overloaded.ts';

/** Of all places, so much one caller may have at once: who sends slowly, or very much, leaves some to the others. */
const shareOfOne = 3 / 4;

/** Places for requests at once. */
export class Places {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(most: number) {
    this.#most = most;
    this.#mostOfOne = Math.ceil(most * shareOfOne);
  }

  /** Does it at a place of the caller's. @throws Overloaded; what doing it throws. */
  async with<T>(caller: string, what: () => Promise<T>): Promise<T> {
    const own = this.#taken.get(caller) ?? 0;
    if (this.#all >= this.#most || own >= this.#mostOfOne) throw new Overloaded('too many requests at once');
    this.#add(caller, 1);
    try {
      return await what();
    } finally {
      this.#add(caller, -1);
    }
  }

  #add(caller: string, count: 1 | -1): void {
    this.#all += count;
    const own = (this.#taken.get(caller) ?? 0) + count;
    if (own === 0) this.#taken.delete(caller);
    else this.#taken.set(caller, own);
  }
}
