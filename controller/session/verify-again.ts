import { actionDigest, type Plan } from '../actions/plan.ts';
import type { Iteration } from '../api/kinds.ts';
import { rfc3339 } from './apply-transition.ts';
import type { Dependencies } from './dependencies.ts';
import { withRecord } from './history.ts';
import { planStatus } from './plan-status.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { advance, type Transition } from './transition.ts';

/** A plan that is in force, with the digest under which it is stored. */
export interface LivePlan {
  readonly plan: Plan;
  readonly contentDigest: string;
}

/** The plan of the newest partial fix that is live; undefined when nothing is. */
export async function livePlan(
  { session, status }: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<LivePlan | undefined> {
  const contentDigest = status.history?.findLast(
    (entry) => entry.standing === 'Kept' && entry.plan !== undefined,
  )?.plan;
  if (contentDigest === undefined) return undefined;
  // The digest covers the content: it is the plan that Planning stored.
  return { plan: (await deps.evidence.load(session, contentDigest, signal)) as Plan, contentDigest };
}

/**
 * Nothing is wrong any more and a fix is live: it is the verification's turn again, on that fix, in an iteration of its own so that the
 * limits count it.
 */
export function verifyAgain(snapshot: Snapshot, deps: Dependencies, live: LivePlan): Transition {
  const { plan, contentDigest } = live;
  const entry: Iteration = {
    iteration: iterationOf(snapshot),
    diagnosis: 'nothing is wrong any more',
    action: `none - ${plan.action} of iteration ${plan.iteration} is verified again`,
    result: 'pending',
    standing: 'Pending',
    plan: contentDigest,
  };
  const patch = {
    plan: planStatus(plan, { actionDigest: actionDigest(plan), contentDigest, summary: entry.action }),
    ...withRecord(snapshot.status, entry),
    acting: { endedAt: rfc3339(deps.clock.now()) },
    verification: undefined,
  };
  return advance('Verifying', patch, { type: 'Normal', reason: 'VerifiedAgain', message: entry.action });
}
