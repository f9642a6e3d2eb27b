import type { Plan } from '../../actions/plan.ts';
import { actionDigest, actionId } from '../../actions/plan.ts';
import type { JsonObject } from '../../api/json.ts';
import type { Dependencies } from '../dependencies.ts';
import { carryOut } from '../intents.ts';
import { nextIteration } from '../iterate.ts';
import type { Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import type { Transition } from '../transition.ts';
import { rollbackIntent } from './act-intent.ts';
import { awaitSettled } from './await-settled.ts';

/**
 * Ends an iteration that did not fix it. A fix that helped in part stays; an infra act that improved nothing is taken back
 * first, and what a code iteration pushed is taken back by the next commit.
 */
export function failIteration(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  failure: { readonly result: string; readonly improved: boolean },
): Transition {
  const { result, improved } = failure;
  if (improved) return nextIteration(snapshot, { result, standing: 'Kept', progressed: true });
  const evidence = actEvidence(snapshot, plan);
  if (plan.class === 'Code') return nextIteration(snapshot, { result, standing: 'RolledBack', progressed: false });
  if (evidence === undefined) return nextIteration(snapshot, { result, standing: 'NotApplied', progressed: false });
  const intent = rollbackIntent(snapshot, deps, plan, evidence);
  if (intent === undefined) return nextIteration(snapshot, { result, standing: 'NotApplied', progressed: false });
  const step = carryOut(snapshot, deps, intent);
  if (step.state === 'Open') return step.transition;
  if (step.state === 'Failed') {
    const stays = `${result}; taking it back failed: ${step.message}`;
    return nextIteration(snapshot, { result: stays, standing: 'NotApplied', progressed: false });
  }
  const acted = { frozen: intent.frozen, evidence: step.evidence };
  const settled = runStep(snapshot, deps, 'rollback-settled', 'Waiting for the rollback', (signal) =>
    awaitSettled(snapshot, deps, plan, acted, signal),
  );
  if (!settled.done) return settled.transition;
  return nextIteration(snapshot, { result, standing: 'RolledBack', progressed: false });
}

/** What the act answered; undefined when it was never made. */
function actEvidence(snapshot: Snapshot, plan: Plan): JsonObject | undefined {
  const id = actionId(snapshot.uid, actionDigest(plan), 'act');
  const intent = (snapshot.status.intents ?? []).find((known) => known.id === id && known.state === 'Succeeded');
  if (intent === undefined) return undefined;
  // Written as canonical JSON of an object by the intent.
  return JSON.parse(intent.evidence ?? '{}') as JsonObject;
}
