interface Waiting {
  readonly keys: ReadonlySet<string>;
  readonly begin: () => void;
}

/** Work on overlapping sets of keys is done one after another, in the order in which it came; other work beside it. */
export class SetLocks {
  readonly #held = new Set<ReadonlySet<string>>();
  #waiting: readonly Waiting[] = [];

  /** Does the work once nobody else works on any of the keys. @throws the signal's reason when that comes first; what the work throws. */
  async with<T>(keys: ReadonlySet<string>, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#acquire(keys, signal);
    try {
      return await work();
    } finally {
      this.#held.delete(keys);
      this.#grant();
    }
  }

  async #acquire(keys: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const turn = Promise.withResolvers<void>();
    const mine: Waiting = { keys, begin: turn.resolve };
    const onAbort = (): void => {
      if (!this.#waiting.includes(mine)) return;
      this.#waiting = this.#waiting.filter((other) => other !== mine);
      turn.reject(signal.reason);
      this.#grant();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting = [...this.#waiting, mine];
    this.#grant();
    await turn.promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Nobody overtakes who waits for a key of his. */
  #grant(): void {
    const still: Waiting[] = [];
    for (const one of this.#waiting) {
      const before = [...this.#held, ...still.map(({ keys }) => keys)];
      if (before.some((keys) => !keys.isDisjointFrom(one.keys))) still.push(one);
      else {
        this.#held.add(one.keys);
        one.begin();
      }
    }
    this.#waiting = still;
  }
}
