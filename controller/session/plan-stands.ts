import { PlanRefused } from '../../skills/lib/plan-refused.ts';
import type { Plan } from '../actions/plan.ts';
import type { Dependencies, ToolUse } from './dependencies.ts';
import { policyAsks } from './planning/gates.ts';
import { prepareFix, type PreparedFix } from './planning/prepare-fix.ts';
import { replan, type Refusal } from './refusal.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Why a frozen plan no longer stands: its map does not allow it any more, or asks now where it did not, or its target is another than
 * it was made for. Undefined while it stands. @throws what keeps it from being told, such as a system that does not answer.
 */
export async function outdated(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  counted: Pick<ToolUse, 'unlimited' | 'uncounted'>,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  let prepared: PreparedFix;
  try {
    prepared = prepareFix(snapshot, deps, plan, counted, signal);
  } catch (error) {
    if (error instanceof PlanRefused) return replan('PlanOutdated', error.message);
    throw error;
  }
  const { action, context, jurisdiction } = prepared;
  if (jurisdiction.key !== plan.topology) return replan('PlanOutdated', `${plan.node} is another map's now`);
  const { diff, target, frozen, edits } = plan;
  const same = (await action.unchanged?.(context, { diff, target, frozen, edits })) ?? true;
  if (!same) return replan('PlanOutdated', `${target.identity} has changed since the plan was made`);
  if (snapshot.status.plan?.gate !== undefined) return undefined;
  const [asks] = await policyAsks(jurisdiction.topology, action, plan, deps, signal);
  return asks === undefined ? undefined : replan('ApprovalNeeded', `a person is to be asked now: ${asks.reason}`);
}
