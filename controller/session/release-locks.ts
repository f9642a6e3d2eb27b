import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';
import { runStep } from './step.ts';
import { record, type Transition } from './transition.ts';

/** Gives the leases back and says so; undefined when none is held any more. If we die in between, it is done again. */
export function releaseLocks(
  snapshot: Pick<Snapshot, 'session' | 'status' | 'uid'>,
  deps: Dependencies,
): Transition | undefined {
  const locks = snapshot.status.locks ?? [];
  if (locks.length === 0) return undefined;
  const step = runStep(snapshot, deps, 'release-locks', 'Waiting for the locks to be released', async (signal) => {
    await deps.locks.release(snapshot.session, locks, signal);
    return true;
  });
  return step.done ? record({ locks: undefined }) : step.transition;
}
