import { takeBackAll } from '../acting/take-back-all.ts';
import { closeApproval } from '../close-approval.ts';
import type { Dependencies } from '../dependencies.ts';
import { tellOpenIntents } from '../open-intents.ts';
import { releaseLocks } from '../release-locks.ts';
import type { Snapshot } from '../snapshot.ts';
import { advance, type Transition } from '../transition.ts';

/** Ends a session on request: what is live and can be taken back is taken back first; the history says what stays. */
export async function cancelling(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const telling = await tellOpenIntents(snapshot, deps, signal);
  if (telling !== undefined) return telling;
  const taken = await takeBackAll(snapshot, deps, 'cancelled', signal);
  if (!taken.done) return taken.transition;
  const closing = closeApproval(snapshot, deps, 'Withdrawn') ?? releaseLocks(snapshot, deps);
  return closing ?? advance('Cancelled', { history: taken.history, approvalRef: undefined });
}
