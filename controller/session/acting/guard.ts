import type { Approval, DebugSession } from '../../api/kinds.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * Why an act may not be made now, read live: cancelled, suspended, moved on, not approved, too late. The decision is read from
 * the Approval's spec alone: its status can be forged by whoever may write it.
 */
export async function actRefusal(
  live: DebugSession,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (live.metadata.deletionTimestamp !== undefined) return 'the session is being deleted';
  if (live.spec.cancel === true || live.spec.suspend) return 'the session is cancelled or suspended';
  const asked = live.status?.plan;
  if (asked?.gate === undefined) return undefined;
  const ref = live.status?.approvalRef;
  if (ref === undefined) return 'the approval is missing';
  const approval = await deps.approvals.live(live.metadata.namespace, ref.name, signal);
  if (approval === undefined || approval.metadata.uid !== ref.uid) return 'the approval is gone or is another one';
  return approvalRefusal(approval, live, asked.actionDigest ?? '', deps.clock.now());
}

/** Does this approval, as it stands, let this session do this digest at this moment? */
export function approvalRefusal(
  approval: Approval,
  session: DebugSession,
  digest: string,
  now: Date,
): string | undefined {
  const { spec } = approval;
  if (spec.sessionRef.uid !== session.metadata.uid) return 'the approval is for another session';
  if (spec.actionDigest !== digest) return 'the approval is for another act';
  if (spec.decision !== 'Approved') return 'the approval is not given';
  if (new Date(spec.expiresAt) <= now) return 'the approval has expired';
  return undefined;
}
