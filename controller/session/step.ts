import type { Dependencies } from './dependencies.ts';
import { stepOf, type Snapshot } from './snapshot.ts';
import { stall, wait, type Transition } from './transition.ts';

export type Step<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly transition: Transition };

const retryMs = 3000;

/**
 * Asks for a step of long work. While it runs the phase waits; when it fails for a passing reason it is run again, and the
 * session says so. Steps only read, so that running one again after a crash is harmless.
 */
export function runStep<T>(
  snapshot: Pick<Snapshot, 'uid' | 'status'>,
  deps: Dependencies,
  name: string,
  message: string,
  job: (signal: AbortSignal) => Promise<T>,
): Step<T> {
  const step = stepOf(snapshot, name);
  const progress = deps.runner.ask(snapshot.uid, step, job);
  switch (progress.state) {
    case 'Done':
      return { done: true, value: progress.value };
    case 'Running':
      return { done: false, transition: wait('InProgress', message) };
    case 'Failed': {
      deps.runner.forgetAfter(snapshot.uid, step, retryMs, deps.clock);
      const text = progress.error instanceof Error ? progress.error.message : String(progress.error);
      return { done: false, transition: stall('StepFailed', `${name}: ${text}`, retryMs) };
    }
  }
}

/** Tells who watches what a long step waits for. */
export function tellStep(
  snapshot: Snapshot,
  deps: Dependencies,
  subject: string,
  state: string,
  message: string,
): void {
  deps.progress.publish(snapshot.uid, {
    at: deps.clock.now().toISOString(),
    iteration: snapshot.status.iteration ?? 1,
    phase: snapshot.status.phase ?? 'Pending',
    kind: 'Step',
    subject,
    state,
    message,
  });
}
