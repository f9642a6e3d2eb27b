import type { Plan } from '../../actions/plan.ts';
import type { Approval, DebugSession } from '../../api/kinds.ts';
import { overBlastRadius } from '../blast-radius-limit.ts';
import { isOfAnother } from '../approval-question.ts';
import type { Dependencies } from '../dependencies.ts';
import type { IntentSpec } from '../intents.ts';
import { limitsOf } from '../limits.ts';
import { outdated } from '../plan-stands.ts';
import { escalate, replan, type Refusal } from '../refusal.ts';
import type { Snapshot } from '../snapshot.ts';

/** What stands between a frozen plan and its act: the limits, a person's word where it needs one, and that the world is still the plan's. */
export function actGuard(snapshot: Snapshot, deps: Dependencies, plan: Plan): IntentSpec['guard'] {
  return async (live, signal) =>
    overBlastRadius(live, deps.limits, plan.affected ?? []) ??
    (await outdated(snapshot, deps, plan, { unlimited: true }, signal)) ??
    // Last, as the look at the world takes its time: nothing is done by an Approval that expired meanwhile.
    actRefusal(live, deps, signal);
}

/**
 * Why an act may not be made now, read live: not approved, too late, moved on. The decision is read from the Approval's spec alone:
 * its status can be forged by whoever may write it.
 */
async function actRefusal(live: DebugSession, deps: Dependencies, signal: AbortSignal): Promise<Refusal | undefined> {
  const asked = live.status?.plan;
  const over = overWrites(live, deps);
  if (over !== undefined || asked?.gate === undefined) return over;
  const ref = live.status?.approvalRef;
  if (ref === undefined) return replan('ApprovalGone', 'the approval is missing');
  const approval = await deps.approvals.live(live.metadata.namespace, ref.name, signal);
  if (approval === undefined || approval.metadata.uid !== ref.uid) {
    return replan('ApprovalGone', 'the approval is gone or is another one');
  }
  return approvalRefusal(approval, live, asked.actionDigest ?? '', deps.clock.now());
}

function overWrites(live: DebugSession, deps: Dependencies): Refusal | undefined {
  const { writes } = limitsOf(live, deps.limits);
  if ((live.status?.usage?.writes ?? 0) < writes) return undefined;
  return escalate('WriteLimit', `The limit of ${writes} outside writes is used up`);
}

/** Does this approval, as it stands, let this session do this digest at this moment? */
export function approvalRefusal(
  approval: Approval,
  session: DebugSession,
  digest: string,
  now: Date,
): Refusal | undefined {
  const { spec } = approval;
  if (spec.sessionRef.uid !== session.metadata.uid)
    return replan('ApprovalGone', 'the approval is for another session');
  if (spec.actionDigest !== digest) return replan('ApprovalGone', 'the approval is for another act');
  if (!isOfAnother(approval, session)) return replan('ApprovalGone', 'the approval is not of somebody else');
  if (spec.decision !== 'Approved') return replan('ApprovalGone', 'the approval is not given');
  if (new Date(spec.expiresAt) <= now) return escalate('ApprovalExpired', 'the approval has expired before the act');
  return undefined;
}
