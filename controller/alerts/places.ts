import { Overloaded } from './overloaded.ts';

/** Of all places, so much one tenant may have at once: who sends slowly, or very much, leaves some to the others. */
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

  /** Does it at a place of the tenant whose this user is. @throws Overloaded; what doing it throws. */
  async with<T>(username: string, what: () => Promise<T>): Promise<T> {
    const tenant = tenantOf(username);
    const own = this.#taken.get(tenant) ?? 0;
    if (this.#all >= this.#most || own >= this.#mostOfOne) throw new Overloaded('too many requests at once');
    this.#add(tenant, 1);
    try {
      return await what();
    } finally {
      this.#add(tenant, -1);
    }
  }

  #add(tenant: string, count: 1 | -1): void {
    this.#all += count;
    const own = (this.#taken.get(tenant) ?? 0) + count;
    if (own === 0) this.#taken.delete(tenant);
    else this.#taken.set(tenant, own);
  }
}

/** Who has a namespace makes as many ServiceAccounts of it as he likes: they count together. */
function tenantOf(username: string): string {
  return /^system:serviceaccount:[^:]+(?=:)/.exec(username)?.[0] ?? username;
}
