import type { JsonObject } from '../../api/json.ts';
import { actionId, actionDigest, type Plan } from '../../actions/plan.ts';
import type { Occurrence } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import type { IntentSpec } from '../intents.ts';
import type { Snapshot } from '../snapshot.ts';
import { waitFor } from '../refusal.ts';
import { actOf } from './act-context.ts';
import { actGuard } from './guard.ts';

const unknown: Occurrence = { verdict: 'Unknown', evidence: {} };

/** The infra act of a plan as an intent. */
export function actIntent(snapshot: Snapshot, deps: Dependencies, plan: Plan): IntentSpec {
  const { action, context } = actOf(snapshot, deps, plan);
  const digest = actionDigest(plan);
  const id = actionId(snapshot.uid, digest, 'act');
  return {
    id,
    kind: 'Act',
    action: plan.action,
    target: plan.target.identity,
    under: plan.topology,
    actionDigest: digest,
    affected: plan.affected ?? [],
    guard: actGuard(snapshot, deps, plan),
    execute: async (signal) => {
      if (action.execute === undefined) throw new TypeError(`${plan.action} cannot be executed`);
      return action.execute(context('Write', signal), plan.frozen, id);
    },
    probe: async (signal) => (await action.probe?.(context('Read', signal), plan.frozen, id)) ?? unknown,
  };
}

/** Taking a plan's act back, as an intent; undefined where it cannot be taken back. */
export function rollbackIntent(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  evidence: JsonObject,
): (IntentSpec & { readonly frozen: JsonObject }) | undefined {
  const { action, context } = actOf(snapshot, deps, plan);
  const frozen = action.rollback?.(plan.frozen, evidence);
  if (frozen === undefined) return undefined;
  const digest = actionDigest(plan);
  const id = actionId(snapshot.uid, digest, 'rollback');
  return {
    id,
    kind: 'Rollback',
    action: plan.action,
    target: plan.target.identity,
    under: plan.topology,
    actionDigest: digest,
    frozen,
    guard: async (live, signal) => {
      const holder = await deps.locks.acquire(live, live.status?.locks ?? [], signal);
      return holder === undefined ? undefined : waitFor(`${holder} acts on the same target or service`);
    },
    execute: async (signal) => {
      if (action.execute === undefined) throw new TypeError(`${plan.action} cannot be executed`);
      return action.execute(context('Write', signal), frozen, id);
    },
    probe: async (signal) => (await action.probe?.(context('Read', signal), frozen, id)) ?? unknown,
  };
}
