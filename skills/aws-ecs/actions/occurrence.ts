import type { JsonObject } from '../../../controller/api/json.ts';
import { describeService, describeTaskDefinition, describeTasks, listRevisions } from '../../lib/ecs/api.ts';
import { primaryOf } from '../../lib/ecs/deployment.ts';
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
  const occurrence =
    frozen.operation === 'NewRevision'
      ? await probeRevision(context, frozen, actionId, service)
      : probeService(frozen, service);
  const at = context.clock.now().toISOString();
  return occurrence.verdict === 'Happened' ? { ...occurrence, evidence: { ...occurrence.evidence, at } } : occurrence;
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

function happened(
  service: EcsService,
  deployment: EcsDeployment | undefined,
  gone?: { readonly revision: string; readonly deployment: string },
): Occurrence {
  const evidence = {
    taskDefinition: gone?.revision ?? deployment?.taskDefinition ?? service.taskDefinition,
    deployment: gone?.deployment ?? deployment?.id ?? '',
    desiredCount: service.desired,
  };
  return { verdict: 'Happened', evidence };
}

/**
 * Registered and deployed is Happened. Registered alone is Absent, as long as nobody else has deployed: `execute` then adopts
 * the revision. When the circuit breaker has gone back already, the service looks as before the act, but the revision's tasks
 * tell that it did happen, and `settled` will say that it failed.
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
  const stopped = await describeTasks(context.tools, frozen, 'STOPPED', context.signal);
  const ran = stopped.find((task) => task.taskDefinition === revision);
  if (ran !== undefined) return happened(service, undefined, { revision, deployment: ran.startedBy ?? '' });
  return primaryOf(service)?.id === frozen.deployment ? absent : unknown;
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
