import { failIteration } from '../acting/fail-iteration.ts';
import { loadPlan } from '../acting/load-plan.ts';
import type { Dependencies } from '../dependencies.ts';
import { releaseLocks } from '../release-locks.ts';
import type { Snapshot } from '../snapshot.ts';
import { advance, type Transition } from '../transition.ts';

/** Ends a session on request: what is live and can be taken back is taken back first; the history says what stays. */
export async function cancelling(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const { status } = snapshot;
  const live = status.history?.find((entry) => entry.iteration === status.iteration)?.standing === 'Pending';
  if (live && status.plan !== undefined && (status.phase === 'Acting' || status.phase === 'Verifying')) {
    const plan = await loadPlan(snapshot, deps, signal);
    const taken = failIteration(snapshot, deps, plan, { result: 'fail - cancelled', improved: false });
    // The rollback is done when the iteration would go on: then the session ends instead.
    return taken.kind === 'Advance' ? advance('Cancelled', taken.patch) : taken;
  }
  const releasing = releaseLocks(snapshot, deps);
  if (releasing !== undefined) return releasing;
  return advance('Cancelled', { locks: undefined });
}
