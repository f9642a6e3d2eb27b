import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../kube/clock.ts';

/** For so long at a stretch may work keep the process from everything else: its renewing of leases, its answers, its watches. */
const stretchMs = 10;

/** Lets the rest of the process run between the parts of what is long only because there is much of it. */
export class Turns {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Of one work, to be waited for before each of its parts. Rejects with the signal's reason where that comes first. */
  ofWork(signal: AbortSignal): () => Promise<void> {
    let sinceMs = this.#clock.monotonicMs();
    return async () => {
      if (this.#clock.monotonicMs() - sinceMs < stretchMs) return;
      // One after another, as what waits for the same turn of the event loop runs in it without a pause.
      this.#last = this.#last.then(() => setImmediate());
      await this.#last;
      signal.throwIfAborted();
      sinceMs = this.#clock.monotonicMs();
    };
  }
}
