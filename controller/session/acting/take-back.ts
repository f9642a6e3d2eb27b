import { actionDigest, actionId, type Plan } from '../../actions/plan.ts';
import type { JsonObject } from '../../api/json.ts';
import type { Iteration } from '../../api/kinds.ts';
import type { Dependencies } from '../dependencies.ts';
import { carryOut } from '../intents.ts';
import type { Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import type { Transition } from '../transition.ts';
import { actOf } from './act-context.ts';
import { rollbackIntent } from './act-intent.ts';
import { awaitSettled } from './await-settled.ts';

export type TakenBack =
  | { readonly done: false; readonly transition: Transition }
  | {
      readonly done: true;
      /** `Kept` is what stays live because nothing takes it back. */
      readonly standing: NonNullable<Iteration['standing']>;
      /** Why it stays; empty where it does not. */
      readonly note: string;
    };

/** Takes an infra act back: one intent, then waiting until that is in force. An act that was never made is `NotApplied`. */
export function takeBackAct(snapshot: Snapshot, deps: Dependencies, plan: Plan): TakenBack {
  const evidence = actEvidence(snapshot, plan);
  if (evidence === undefined) return { done: true, standing: 'NotApplied', note: '' };
  const intent = isThere(snapshot, deps, plan) ? rollbackIntent(snapshot, deps, plan, evidence) : undefined;
  if (intent === undefined) return stays('it cannot be taken back');
  const step = carryOut(snapshot, deps, intent);
  if (step.state === 'Open') return { done: false, transition: step.transition };
  if (step.state === 'Failed') return stays(`taking it back failed: ${step.message}`);
  const acted = { frozen: intent.frozen, evidence: step.evidence };
  const name = `rollback-settled-${plan.iteration}`;
  const settled = runStep(snapshot, deps, name, 'Waiting for the rollback', (signal) =>
    awaitSettled(snapshot, deps, plan, acted, signal),
  );
  if (!settled.done) return { done: false, transition: settled.transition };
  return { done: true, standing: 'RolledBack', note: '' };
}

function stays(note: string): TakenBack {
  return { done: true, standing: 'Kept', note };
}

/** The maps may have lost the node, or the catalogue the action, since the act. */
function isThere(snapshot: Snapshot, deps: Dependencies, plan: Plan): boolean {
  try {
    actOf(snapshot, deps, plan);
    return true;
  } catch {
    return false;
  }
}

/** What the act answered; undefined when it was never made. */
function actEvidence(snapshot: Snapshot, plan: Plan): JsonObject | undefined {
  const id = actionId(snapshot.uid, actionDigest(plan), 'act');
  const intent = (snapshot.status.intents ?? []).find((known) => known.id === id && known.state === 'Succeeded');
  if (intent === undefined) return undefined;
  // Written as canonical JSON of an object by the intent.
  return JSON.parse(intent.evidence ?? '{}') as JsonObject;
}
