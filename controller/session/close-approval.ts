import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';
import { runStep } from './step.ts';
import type { Transition } from './transition.ts';

/**
 * Tells people how the question that the session had open has ended; undefined when that is said, or when there is none. It is a
 * courtesy: what may be done is decided by the Approval's spec, so nothing hangs on it if we die in between.
 */
export function closeApproval(
  snapshot: Snapshot,
  deps: Dependencies,
  state: 'Consumed' | 'Withdrawn' | 'Expired',
): Transition | undefined {
  const ref = snapshot.status.approvalRef;
  if (ref === undefined) return undefined;
  const step = runStep(snapshot, deps, `close-${ref.uid}`, 'Closing the Approval', async (signal) => {
    const approval = await deps.approvals.live(snapshot.session.metadata.namespace, ref.name, signal);
    const open = approval?.metadata.uid === ref.uid && (approval.status?.state ?? 'Open') === 'Open';
    if (approval !== undefined && open) await deps.approvals.setState(approval, state, signal);
    return true;
  });
  return step.done ? undefined : step.transition;
}
