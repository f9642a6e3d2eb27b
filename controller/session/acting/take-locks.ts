import type { Plan } from '../../actions/plan.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { Dependencies } from '../dependencies.ts';
import { lockKeys } from '../locks.ts';
import { loadBundle, stepOf, type Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { pause, record, type Transition } from '../transition.ts';
import { lookAgain } from './look-again.ts';

const locked = 'Locked';

/**
 * Takes the leases of an act, all or none; undefined when they are held. They are written down before they are taken, so that whatever
 * ends the session gives them back. Who waited for another session looks again, because the world may have changed.
 */
export async function takeLocks(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  const { session, status } = snapshot;
  const keys = lockKeys(plan, await loadBundle(snapshot, deps, signal));
  const known = new Set(status.locks);
  if (keys.some((key) => !known.has(key))) return record({ locks: [...known.union(new Set(keys))].toSorted() });
  const step = runStep(snapshot, deps, 'lock', 'Waiting for the locks', async (aborted) => {
    return { holder: await deps.locks.acquire(session, keys, aborted) };
  });
  if (!step.done) return step.transition;
  const { holder } = step.value;
  if (holder !== undefined) {
    deps.runner.forgetAfter(snapshot.uid, stepOf(snapshot, 'lock'), deps.timings.lockRetryMs, deps.clock);
    return pause(locked, `${holder} acts on the same target or service`, deps.timings.lockRetryMs);
  }
  return findCondition(status.conditions, 'Reconciling')?.reason === locked ? lookAgain(snapshot) : undefined;
}

/**
 * Holds on to what the session has: a new life must take its leases again, or they run out.
 * @throws while another session has one of them: what is judged then is not the session's own work.
 */
export async function keepLocks({ session, status }: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<void> {
  const holder = await deps.locks.acquire(session, status.locks ?? [], signal);
  if (holder !== undefined) throw new Error(`${holder} acts on the same target or service`);
}
