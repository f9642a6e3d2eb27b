/** Time and randomness as a dependency, so that a test can hold them still. */
export interface Clock {
  /** Wall-clock time, for what is written down. It may jump; never measure with it. */
  now(): Date;
  /** Milliseconds that only grow, for deadlines and durations. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `fire` once after `ms`. The answer cancels it. */
  timer(ms: number, fire: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
}

/** setTimeout fires at once beyond this. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  timer(ms, fire) {
    const handle = setTimeout(fire, Math.min(Math.max(0, ms), longestTimerMs));
    handle.unref();
    return () => clearTimeout(handle);
  },
  sleep(ms, signal) {
    return sleepWith(ms, signal, (delay, fire) => {
      const handle = setTimeout(fire, Math.min(Math.max(0, delay), longestTimerMs));
      return () => clearTimeout(handle);
    });
  },
};

/** A sleep made of a timer: the part that every clock shares. */
export function sleepWith(ms: number, signal: AbortSignal, timer: Clock['timer']): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = timer(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
