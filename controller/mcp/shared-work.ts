/** One piece of work that several wait for; it is aborted when the last of them gives up. */
export class SharedWork<T> {
  /** On the clock's `monotonicMs`. */
  readonly startedMs: number;
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  readonly #onEndless: () => void;
  #waiting = 0;
  #done = false;

  /** @param onEndless called when there will be no result to share: the work failed, or was given up. */
  constructor(startedMs: number, work: (signal: AbortSignal) => Promise<T>, onEndless: () => void) {
    this.startedMs = startedMs;
    this.#onEndless = onEndless;
    this.#result = work(this.#controller.signal);
    this.#result.then(
      () => {
        this.#done = true;
      },
      () => {
        this.#done = true;
        onEndless();
      },
    );
  }

  get done(): boolean {
    return this.#done;
  }

  /** @throws what the work throws; the signal's reason. */
  async wait(signal: AbortSignal): Promise<T> {
    const gaveUp = Promise.withResolvers<never>();
    const onAbort = (): void => gaveUp.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting += 1;
    try {
      return await Promise.race([this.#result, gaveUp.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#done) this.#abandon(signal);
    }
  }

  #abandon(signal: AbortSignal): void {
    // Forgotten at once, so that nobody joins a work that is about to end.
    this.#onEndless();
    this.#controller.abort(signal.reason);
  }
}
