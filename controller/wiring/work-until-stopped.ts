import type { Clock } from '../kube/clock.ts';
import type { Controller } from '../kube/controller.ts';
import type { LeaseLocks } from '../kube/lease-lock.ts';
import type { Log } from '../kube/observe.ts';
import type { Runner } from '../session/runner.ts';

export interface Work {
  readonly controllers: readonly Pick<Controller, 'run' | 'finish'>[];
  readonly runner: Pick<Runner, 'drain' | 'stop'>;
  readonly locks: Pick<LeaseLocks, 'run'>;
  readonly clock: Pick<Clock, 'timer'>;
  readonly log: Log;
  /** How long a stop waits for what is under way. */
  readonly graceMs: number;
}

/**
 * Works until `stop` aborts. Then nothing new is begun; writes outside end and are written down, with their locks held, so that the next
 * life need not find out what became of them. What is not done after `graceMs`, or when the lead is `lost`, is aborted. Resolves when
 * nothing writes any more: only then may the lead be given up.
 */
export async function workUntilStopped(work: Work, stop: AbortSignal, lost: AbortSignal): Promise<void> {
  const { controllers, locks, runner } = work;
  const cut = new AbortController();
  const renewing = locks.run(cut.signal);
  const running = Promise.all(controllers.map((controller) => controller.run(cut.signal)));
  try {
    await Promise.race([running, aborted(AbortSignal.any([stop, lost]))]);
    if (!lost.aborted) await Promise.race([letEnd(work, running), aborted(lost)]);
  } finally {
    cut.abort(lost.aborted ? lost.reason : stop.reason);
    runner.stop();
    await Promise.all([renewing, runner.drain()]);
  }
  await running;
}

/** Resolves when all has ended, or when its time is over. */
async function letEnd({ controllers, runner, clock, log, graceMs }: Work, running: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const cancel = clock.timer(graceMs, () => {
    log.warn('what was under way at the stop is aborted', { graceMs });
    over.resolve();
  });
  const ended = async (): Promise<void> => {
    await runner.drain();
    // Sessions whose writes have just ended are in the queue, and write that down.
    for (const controller of controllers) controller.finish();
    await running;
  };
  await Promise.race([ended(), over.promise]).finally(cancel);
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
