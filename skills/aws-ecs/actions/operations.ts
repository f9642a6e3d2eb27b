import type { JsonObject } from '../../../controller/api/json.ts';
import { describeService } from '../../lib/ecs/api.ts';
import { primaryOf } from '../../lib/ecs/deployment.ts';
import type { EcsService } from '../../lib/ecs/model.ts';
import { rolloutState } from '../../lib/ecs/rollout.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, RenderedAction, Settlement } from '../../skill.ts';
import { type Evidence, evidenceOf, type Frozen, fromJson, type NewRevision, type PointAt, toJson } from './frozen.ts';
import { versionOf } from './live.ts';

const registerTool = 'threehops_register_task_definition';
const updateTool = 'threehops_update_service';

/** Tools that the actions of this skill need for writing. */
export const writeTools = [registerTool, updateTool] as const;

/** Carries a plan out. Every write is fenced by the deployment that the plan saw. */
export async function execute(context: ActionContext, given: JsonObject, actionId: string): Promise<JsonObject> {
  const frozen = fromJson(given);
  switch (frozen.operation) {
    case 'NewRevision':
      return registerAndDeploy(context, frozen, actionId);
    case 'PointAt':
      return pointAt(context, frozen);
    case 'ForceDeployment':
      return update(context, frozen, { forceNewDeployment: true });
    case 'Scale':
      return update(context, frozen, { desiredCount: frozen.desiredCount });
  }
}

/** If we die between the two calls, the next try finds the revision by its tag and does not register another. */
async function registerAndDeploy(context: ActionContext, frozen: NewRevision, actionId: string): Promise<JsonObject> {
  const { cluster, service, base, changes } = frozen;
  const args = { cluster, service, base, actionId, changes: changes as unknown as JsonObject };
  const registered = objectOf(await context.tools.call(registerTool, args, context.signal));
  context.signal.throwIfAborted();
  return update(context, frozen, { taskDefinition: textOf(registered['taskDefinition']) ?? '' });
}

/** The circuit breaker may have gone back before us: then there is nothing to do. */
async function pointAt(context: ActionContext, frozen: PointAt): Promise<JsonObject> {
  const service = await describeService(context.tools, frozen, context.signal);
  const primary = primaryOf(service);
  if (primary?.taskDefinition === frozen.taskDefinition) {
    const { taskDefinition, id } = primary;
    return { taskDefinition, deployment: id, desiredCount: service.desired, at: context.clock.now().toISOString() };
  }
  return update(context, frozen, { taskDefinition: frozen.taskDefinition });
}

async function update(context: ActionContext, frozen: Frozen, change: JsonObject): Promise<JsonObject> {
  const { cluster, service, deployment } = frozen;
  const args = { cluster, service, expectedDeployment: deployment, ...change };
  const answer = objectOf(await context.tools.call(updateTool, args, context.signal));
  const evidence: Evidence = {
    taskDefinition: textOf(answer['taskDefinition']) ?? '',
    deployment: textOf(answer['deployment']) ?? '',
    desiredCount: numberOf(answer['desiredCount']) ?? 0,
    at: context.clock.now().toISOString(),
  };
  return evidence;
}

export async function unchanged(context: ActionContext, rendered: RenderedAction): Promise<boolean> {
  const frozen = fromJson(rendered.frozen);
  const service = await describeService(context.tools, frozen, context.signal);
  return versionOf(service, frozen.operation) === rendered.target.version;
}

/** Complete when the act's own deployment runs alone and in full; failed when ECS gave it up or something else runs. */
export async function settled(context: ActionContext, given: JsonObject, answered: JsonObject): Promise<Settlement> {
  const frozen = fromJson(given);
  const evidence = evidenceOf(answered);
  const service = await describeService(context.tools, frozen, context.signal);
  if (notYetVisible(frozen, evidence, service, context.clock.now())) {
    return { state: 'Progressing', summary: 'the new deployment does not show yet' };
  }
  const expected = { taskDefinition: evidence.taskDefinition, deployment: evidence.deployment };
  const { state, summary } = rolloutState(service, expected);
  return { state: state === 'Completed' ? 'Settled' : state, summary };
}

/** ECS is eventually consistent: for this long after an update a read may still show the deployment of the plan alone. */
const visibleWithinMs = 15_000;

/** Later, the deployment of the plan as the newest one means that ECS has gone back to it. */
function notYetVisible(frozen: Frozen, evidence: Evidence, service: EcsService, now: Date): boolean {
  const other = evidence.deployment !== '' && evidence.deployment !== frozen.deployment;
  const shown =
    service.deployments.some(({ id }) => id === evidence.deployment) ||
    service.events.some(({ message }) => message.includes(evidence.deployment));
  const early = now.getTime() - Date.parse(evidence.at) < visibleWithinMs;
  return other && !shown && early && primaryOf(service)?.id === frozen.deployment;
}

/** Back to what ran before; fenced by the deployment that the act made. */
export function rollback(given: JsonObject, answered: JsonObject): JsonObject {
  const frozen = fromJson(given);
  const evidence = evidenceOf(answered);
  const { cluster, service, base } = frozen;
  const back = { cluster, service, deployment: evidence.deployment, base: evidence.taskDefinition };
  if (frozen.operation === 'Scale') {
    const { fromCount, desiredCount } = frozen;
    return toJson({ ...back, operation: 'Scale', fromCount: desiredCount, desiredCount: fromCount });
  }
  return toJson({ ...back, operation: 'PointAt', taskDefinition: base });
}
