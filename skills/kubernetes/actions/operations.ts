import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { getDeployment, listRevisions, placeOf } from '../api.ts';
import { rolloutState } from '../rollout.ts';
import { specVersion } from '../spec-version.ts';
import type { Deployment } from '../model.ts';
import { type Evidence, evidenceOf, type Frozen, fromJson, toJson } from './frozen.ts';

export const changeTool = 'threehops_change_deployment';

/** Carries a plan out. The write is fenced by the version that the plan saw, and marked with the act's id. */
export async function execute(context: ActionContext, given: JsonObject, actionId: string): Promise<JsonObject> {
  const frozen = fromJson(given);
  const { deployment: name, uid, version: expectedVersion, changes } = frozen;
  const args = {
    ...placeOf(frozen),
    name,
    uid,
    expectedVersion,
    actionId,
    changes: changes as unknown as JsonObject,
  };
  const answer = objectOf(await context.tools.call(changeTool, args, context.signal));
  const evidence: Evidence = {
    actionId,
    version: textOf(answer['version']) ?? '',
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
      actionId,
      version: specVersion(deployment, frozen.changes),
      replicas: deployment.desired,
      at: clock.now().toISOString(),
    };
    return { verdict: 'Happened', evidence };
  }
  return { verdict: isAsPlanned(deployment, frozen) ? 'Absent' : 'Unknown', evidence: {} };
}

export async function unchanged(context: ActionContext, rendered: RenderedAction): Promise<boolean> {
  const frozen = fromJson(rendered.frozen);
  return isAsPlanned(await getDeployment(context.tools, frozen, context.signal), frozen);
}

function isAsPlanned(deployment: Deployment, { uid, version, changes }: Frozen): boolean {
  return deployment.uid === uid && specVersion(deployment, changes) === version;
}

/** Settled when what the act made has been rolled out; failed when that was given up or replaced. */
export async function settled(context: ActionContext, given: JsonObject, answered: JsonObject): Promise<Settlement> {
  const frozen = fromJson(given);
  const deployment = await getDeployment(context.tools, frozen, context.signal);
  const { actionId, version } = evidenceOf(answered);
  const scaled = frozen.changes.replicas !== undefined;
  // Who changes a template further keeps the mark; who applies another one, or goes back, does not.
  const isInForce = scaled
    ? specVersion(deployment, frozen.changes) === version
    : deployment.template.actionId === actionId;
  if (isInForce) return rolloutState(deployment);
  const summary = `${scaled ? 'the spec' : 'the template'} has been replaced since the act (generation ${deployment.generation})`;
  return { state: 'Failed', summary };
}

/** Back to what was before; fenced by the version that the act made. */
export function rollback(given: JsonObject, answered: JsonObject): JsonObject {
  const frozen = fromJson(given);
  const { version } = evidenceOf(answered);
  const scaled = frozen.changes.replicas !== undefined;
  const changes = scaled ? { replicas: frozen.replicas } : { templateOf: frozen.replicaSet };
  return toJson({ ...frozen, version, changes });
}
