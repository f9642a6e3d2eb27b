import type { JsonObject } from '../../controller/api/json.ts';
import { byCircuitBreaker, deploymentFacts } from '../lib/ecs/deployment.ts';
import type { Told } from '../lib/ecs/finding.ts';
import { lastGood } from '../lib/ecs/history.ts';
import type { EcsDeployment } from '../lib/ecs/model.ts';
import { revisionOf, shortName } from '../lib/ecs/names.ts';
import { boundsIn, leavesRoom, tasksToAdd } from '../lib/ecs/room.ts';
import { secondsBetween } from '../lib/time.ts';
import type { DeploymentSnapshot } from './snapshot.ts';
import { earlierSeconds, whyStuck } from './stuck.ts';

/** A deployment that goes on, and for how long it has. */
interface UnderWay {
  readonly primary: EcsDeployment;
  readonly since: Date;
  readonly seconds: number;
}

/** Why a deployment is not at rest yet: it cannot begin, it will not end, or it takes its time. */
export function progressFindings(snapshot: DeploymentSnapshot): readonly Told[] {
  const going = underWay(snapshot);
  const told = going === undefined ? undefined : (blocked(going, snapshot) ?? late(going, snapshot));
  return told === undefined ? [] : [told];
}

function underWay({ primary, now }: DeploymentSnapshot): UnderWay | undefined {
  if (primary?.rolloutState !== 'IN_PROGRESS') return undefined;
  // ECS goes back to an older deployment, which keeps the time at which it began.
  const since = byCircuitBreaker(primary) ? (primary.updatedAt ?? primary.createdAt) : primary.createdAt;
  return since === undefined ? undefined : { primary, since, seconds: Math.round(secondsBetween(since, now)) };
}

/** By arithmetic alone: with so many tasks, its own settings let ECS neither start nor stop one, however long one waits. */
function blocked({ primary, since }: UnderWay, { service }: DeploymentSnapshot): Told | undefined {
  const { desired, minimumHealthyPercent = null, maximumPercent = null } = service;
  const started = primary.running + primary.pending;
  const inTheWay = service.running - primary.running;
  if (started + inTheWay < desired || inTheWay === 0 || leavesRoom(desired, service)) return undefined;
  const { least, most } = boundsIn(desired, service);
  return {
    reason: 'DeploymentBlocked',
    subject: primary.id,
    severity: 'Critical',
    summary:
      `${shortName(primary.taskDefinition)} can never be rolled out: of ${desired} tasks, ${least} have to stay ` +
      `(minimumHealthyPercent ${minimumHealthyPercent}) and there may be ${most} (maximumPercent ${maximumPercent})`,
    since,
    value: started,
    threshold: desired,
    unit: 'tasks',
    facts: {
      ...deploymentFacts(primary),
      minimumHealthyPercent,
      maximumPercent,
      tasksToAdd: tasksToAdd(desired, service) ?? null,
    },
  };
}

function late({ primary, since, seconds }: UnderWay, snapshot: DeploymentSnapshot): Told | undefined {
  const { service, limits } = snapshot;
  const limit = limits.deployTimeoutSeconds;
  if (seconds < limit) return undefined;
  const stuck = whyStuck(snapshot);
  const othersServe = service.running > primary.running;
  const going = `${primary.running} of ${primary.desired} tasks run, ${primary.pending} are pending, none has failed`;
  return {
    reason: stuck === undefined ? 'DeploymentSlow' : 'DeploymentStuck',
    subject: primary.id,
    severity: stuck === undefined || othersServe ? 'Warning' : 'Critical',
    summary:
      `${shortName(primary.taskDefinition)} is not at rest after ${seconds} s of ${limit} s${usually(snapshot)}: ` +
      (stuck?.words ?? going),
    since,
    value: seconds,
    threshold: limit,
    unit: 's',
    facts: { ...deploymentFacts(primary), ...lastGoodFacts(snapshot), ...stuck?.facts },
  };
}

function usually(snapshot: DeploymentSnapshot): string {
  const seconds = earlierSeconds(snapshot);
  return seconds.length === 0 ? '' : ` (earlier ones took ${Math.max(...seconds)} s at most)`;
}

function lastGoodFacts({ history, service }: DeploymentSnapshot): JsonObject {
  const good = lastGood(history, service);
  if (good === undefined) return {};
  return { previousTaskDefinition: good.taskDefinition, previousRevision: revisionOf(good.taskDefinition).revision };
}
