import type { Clock } from '../kube/clock.ts';

/** The deadline that was overrun. */
export class DeadlineExceeded extends Error {
  constructor(ms: number) {
    super(`no end within ${ms} ms`);
    this.name = 'DeadlineExceeded';
  }
}

/** Runs work that is aborted after `ms` or when `signal` is; the reason then is a DeadlineExceeded, or the signal's. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = clock.timer(ms, () => late.abort(new DeadlineExceeded(ms)));
  const either = AbortSignal.any([signal, late.signal]);
  try {
    return await abandonable(work(either), either);
  } finally {
    cancel();
  }
}

/** Work that ignores its signal must not hold up who waits for it. */
async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const onAbort = (): void => given.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
