import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf, objectOf } from '../../lib/reading.ts';
import type { ActionContext, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { getDeployment, listRevisions, placeOf } from '../api.ts';
import { rolloutState } from '../rollout.ts';
import { type Evidence, evidenceOf, fromJson, toJson } from './frozen.ts';
import { versionOf } from './live.ts';

export const changeTool = 'threehops_change_deployment';

/** Carries a plan out. The write is fenced by the generation that the plan saw, and marked with the act's id. */
export async function execute(context: ActionContext, given: JsonObject, actionId: string): Promise<JsonObject> {
  const frozen = fromJson(given);
  const { deployment: name, uid, generation: expectedGeneration, changes } = frozen;
  const args = {
    ...placeOf(frozen),
    name,
    uid,
    expectedGeneration,
    actionId,
    changes: changes as unknown as JsonObject,
  };
  const answer = objectOf(await context.tools.call(changeTool, args, context.signal));
  const evidence: Evidence = {
    generation: numberOf(answer['generation']) ?? 0,
    replicas: numberOf(answer['replicas']) ?? 0,
    at: context.clock.now().toISOString(),
  };
  return evidence;
}

/**
 * Did the act happen? Its mark says so, on the Deployment or on a ReplicaSet where somebody has changed it again since. Without one,
 * and with the spec of the plan, it did not; with another spec it cannot be told for a scaling, whose mark the next one replaces.
 */
export async function probeAct(context: ActionContext, given: JsonObject, actionId: string): Promise<Occurrence> {
  const frozen = fromJson(given);
  const { tools, signal, clock } = context;
  const deployment = await getDeployment(tools, frozen, signal);
  const scaled = frozen.changes.replicas !== undefined;
  const revisions = scaled ? [] : await listRevisions(tools, frozen, deployment, signal);
  const marks = scaled ? [deployment] : [deployment.template, ...revisions.map(({ template }) => template)];
  if (marks.some((one) => one.actionId === actionId)) {
    const evidence: Evidence = {
      generation: deployment.generation,
      replicas: deployment.desired,
      at: clock.now().toISOString(),
    };
    return { verdict: 'Happened', evidence };
  }
  const asPlanned = deployment.uid === frozen.uid && deployment.generation === frozen.generation;
  return { verdict: asPlanned ? 'Absent' : 'Unknown', evidence: {} };
}

export async function unchanged(context: ActionContext, rendered: RenderedAction): Promise<boolean> {
  const deployment = await getDeployment(context.tools, fromJson(rendered.frozen), context.signal);
  return versionOf(deployment) === rendered.target.version;
}

/** Settled when the spec that the act made has been rolled out; failed when it was given up or replaced. */
export async function settled(context: ActionContext, given: JsonObject, answered: JsonObject): Promise<Settlement> {
  const deployment = await getDeployment(context.tools, fromJson(given), context.signal);
  const { generation } = evidenceOf(answered);
  if (deployment.generation !== generation) {
    const summary = `generation ${deployment.generation} of the spec is in force, and the act made ${generation}`;
    return { state: 'Failed', summary };
  }
  return rolloutState(deployment);
}

/** Back to what was before; fenced by the generation that the act made. */
export function rollback(given: JsonObject, answered: JsonObject): JsonObject {
  const frozen = fromJson(given);
  const { generation } = evidenceOf(answered);
  const scaled = frozen.changes.replicas !== undefined;
  const changes = scaled ? { replicas: frozen.replicas } : { templateOf: frozen.replicaSet };
  return toJson({ ...frozen, generation, changes });
}
