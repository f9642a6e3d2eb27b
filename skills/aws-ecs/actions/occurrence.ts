import type { JsonObject } from '../../../controller/api/json.ts';
import { describeService, describeTaskDefinition, listRevisions } from '../../lib/ecs/api.ts';
import { byCircuitBreaker, primaryOf } from '../../lib/ecs/deployment.ts';
import { actionTag, type EcsDeployment, type EcsService } from '../../lib/ecs/model.ts';
import { revisionOf } from '../../lib/ecs/names.ts';
import type { ActionContext, Occurrence } from '../../skill.ts';
import { type ForceDeployment, fromJson, type NewRevision, type PointAt, type Scale } from './frozen.ts';

/** How many revisions are looked through for the act's tag: far more than anybody registers while we are down. */
const revisionsSearched = 50;

/** Did the act happen? Asked after a crash between writing the intent and its result. */
export async function probeAct(context: ActionContext, given: JsonObject, actionId: string): Promise<Occurrence> {
  const frozen = fromJson(given);
  const service = await describeService(context.tools, frozen, context.signal);
  return frozen.operation === 'NewRevision'
    ? probeRevision(context, frozen, actionId, service)
    : probeService(frozen, service);
}

/** What the service itself shows. Another deployment than the plan's that is not the act's own is somebody else's. */
function probeService(frozen: PointAt | ForceDeployment | Scale, service: EcsService): Occurrence {
  const primary = primaryOf(service);
  const before =
    frozen.operation === 'Scale' ? service.desired === frozen.fromCount : primary?.id === frozen.deployment;
  if (isDone(frozen, service, before)) return happened(service, primary);
  return before ? absent : unknown;
}

function isDone(frozen: PointAt | ForceDeployment | Scale, service: EcsService, before: boolean): boolean {
  const running = primaryOf(service)?.taskDefinition;
  switch (frozen.operation) {
    case 'PointAt':
      return running === frozen.taskDefinition;
    case 'ForceDeployment':
      return !before && running === frozen.base;
    case 'Scale':
      return service.desired === frozen.desiredCount;
  }
}

const absent: Occurrence = { verdict: 'Absent', evidence: {} };
const unknown: Occurrence = { verdict: 'Unknown', evidence: {} };

function happened(service: EcsService, deployment: EcsDeployment | undefined, taskDefinition?: string): Occurrence {
  const evidence = {
    taskDefinition: taskDefinition ?? deployment?.taskDefinition ?? service.taskDefinition,
    deployment: deployment?.id ?? '',
    desiredCount: service.desired,
  };
  return { verdict: 'Happened', evidence };
}

/**
 * Registered and deployed is Happened. Registered alone is Absent, as long as nobody else has deployed: `execute` then adopts
 * the revision. If the circuit breaker has gone back already, the act did happen, and `settled` will say that it failed.
 */
async function probeRevision(
  context: ActionContext,
  frozen: NewRevision,
  actionId: string,
  service: EcsService,
): Promise<Occurrence> {
  const revision = await taggedRevision(context, frozen.base, actionId);
  if (revision === undefined) return absent;
  const deployment = service.deployments.find((one) => one.taskDefinition === revision);
  if (deployment !== undefined) return happened(service, deployment);
  const primary = primaryOf(service);
  if (primary?.id === frozen.deployment) return absent;
  if (primary !== undefined && byCircuitBreaker(primary)) return happened(service, undefined, revision);
  return unknown;
}

async function taggedRevision(context: ActionContext, base: string, actionId: string): Promise<string | undefined> {
  const { family, revision } = revisionOf(base);
  const listed = await listRevisions(context.tools, family, revisionsSearched, context.signal);
  for (const arn of listed.filter((one) => revisionOf(one).revision > revision)) {
    const { tags } = await describeTaskDefinition(context.tools, arn, context.signal);
    if (tags[actionTag] === actionId) return arn;
  }
  return undefined;
}
