/** How often something was so, in sessions, and when last. */
export interface Count {
  readonly sessions: number;
  /** The end of the latest of them, RFC 3339. */
  readonly last: string;
}

/** Counts sessions by whatever is the same in them. */
export class Tally<T extends object> {
  readonly #counts = new Map<string, T & Count>();

  add(what: T, at: string): void {
    const key = JSON.stringify(what);
    const { sessions = 0, last = at } = this.#counts.get(key) ?? {};
    this.#counts.set(key, { ...what, sessions: sessions + 1, last: last > at ? last : at });
  }

  /** The most frequent first, of those the latest, then in the order of their words. */
  ranked(): readonly (T & Count)[] {
    return [...this.#counts]
      .toSorted(
        ([a, one], [b, other]) => other.sessions - one.sessions || compare(other.last, one.last) || compare(a, b),
      )
      .map(([, count]) => count);
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
