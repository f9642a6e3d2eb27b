import { actionDigest, type Plan } from '../../actions/plan.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * The plan as it was frozen.
 * @throws when there is none, or when it is not the one whose digest the status (and an approval) names.
 */
export async function loadPlan(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Plan> {
  const { plan } = snapshot.status;
  if (plan?.contentDigest === undefined) throw new Error('the session has no plan');
  // The evidence store checks the content's digest.
  const loaded = (await deps.evidence.load(snapshot.session, plan.contentDigest, signal)) as Plan;
  if (actionDigest(loaded) !== plan.actionDigest) throw new Error('the stored plan is not the one that was frozen');
  return loaded;
}
