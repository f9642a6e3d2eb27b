import type { JsonObject } from '../../controller/api/json.ts';
import { deploymentFacts, upSince } from '../lib/ecs/deployment.ts';
import { differences } from '../lib/ecs/difference.ts';
import type { Told } from '../lib/ecs/finding.ts';
import type { EcsTaskDefinition } from '../lib/ecs/model.ts';
import { imageTag, revisionOf, shortName } from '../lib/ecs/names.ts';
import { isDefined } from '../lib/reading.ts';
import { secondsBetween, within } from '../lib/time.ts';
import type { DeploymentSnapshot } from './snapshot.ts';
import type { WayBack } from './way-back.ts';

/** What is not as one would think of a deployment that has come to rest: it does not hold, or it is not the newest revision that runs. */
export function restFindings(snapshot: DeploymentSnapshot): readonly Told[] {
  return [unsteady(snapshot), rolledBack(snapshot)].filter(isDefined);
}

/** Complete for longer than its tasks have to stay up, and none has: they are replaced again and again. */
function unsteady({ primary, history, tasks, failures, now, limits }: DeploymentSnapshot): Told | undefined {
  const wanted = limits.stabilizationSeconds;
  const current = history.find(({ taskDefinition }) => taskDefinition === primary?.taskDefinition);
  const completed = current?.finishedAt ?? primary?.updatedAt;
  if (primary?.rolloutState !== 'COMPLETED' || completed === undefined) return undefined;
  const failed = failures.filter(({ task: { stoppedAt } }) => stoppedAt !== undefined && stoppedAt > completed);
  if (failed.length === 0 || secondsBetween(completed, now) < wanted) return undefined;
  const up = upSince(tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING'));
  const seconds = up === undefined ? 0 : Math.round(secondsBetween(up, now));
  if (seconds >= wanted) return undefined;
  return {
    reason: 'Unsteady',
    subject: primary.id,
    severity: 'Warning',
    summary:
      `${shortName(primary.taskDefinition)} has been complete and does not hold: ${failed.length} of its tasks failed ` +
      `since, and those that run have been up for ${seconds} s of ${wanted} s`,
    since: failed[0]?.task.stoppedAt,
    value: seconds,
    threshold: wanted,
    unit: 's',
    facts: { ...deploymentFacts(primary), completedAt: completed.toISOString(), failed: failed.length },
  };
}

/** By itself no harm, so Info where somebody asked for it; what ECS gave up was meant to run. */
function rolledBack({ wayBack, window, definitions }: DeploymentSnapshot): Told | undefined {
  if (wayBack === undefined) return undefined;
  const { by, reason, since, from, to } = wayBack;
  const [left, taken] = [from, to].map((arn) => definitions.find((one) => one.arn === arn));
  const why =
    by === 'Ecs'
      ? `ECS gave it up${reason === undefined ? '' : `: ${reason}`}`
      : 'it had come to rest, and somebody asked for the earlier one';
  return {
    reason: 'RolledBack',
    subject: shortName(from),
    severity: by === 'Ecs' && within(since, window) ? 'Warning' : 'Info',
    summary: `${described(to, taken)} runs in the place of ${described(from, left)}: ${why}`,
    since,
    value: revisionOf(to).revision,
    threshold: revisionOf(from).revision,
    unit: 'revision',
    operation: 'ListServiceDeployments',
    facts: {
      by,
      ...revisionFacts(wayBack),
      ...(left === undefined || taken === undefined ? {} : changeFacts(left, taken)),
    },
  };
}

function described(arn: string, definition: EcsTaskDefinition | undefined): string {
  const image = definition?.containers.find(({ essential }) => essential)?.image;
  return `${shortName(arn)}${image === undefined ? '' : ` (${imageTag(image) ?? image})`}`;
}

function revisionFacts({ from, to }: WayBack): JsonObject {
  return {
    taskDefinition: to,
    revision: revisionOf(to).revision,
    takenBack: from,
    takenBackRevision: revisionOf(from).revision,
  };
}

/** From what was taken back to what runs. */
function changeFacts(takenBack: EcsTaskDefinition, runs: EcsTaskDefinition): JsonObject {
  return { differences: differences(takenBack, runs) as unknown as readonly JsonObject[] };
}
