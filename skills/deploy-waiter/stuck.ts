import type { JsonObject } from '../../controller/api/json.ts';
import type { EcsTask } from '../lib/ecs/model.ts';
import { isDefined } from '../lib/reading.ts';
import { secondsBetween } from '../lib/time.ts';
import type { DeploymentSnapshot } from './snapshot.ts';

/** What tells a deployment that will not end from one that is slow. */
export interface Stuck {
  readonly words: string;
  readonly facts: JsonObject;
}

export function whyStuck(snapshot: DeploymentSnapshot): Stuck | undefined {
  return tasksFail(snapshot) ?? neverHealthy(snapshot);
}

function tasksFail({ primary, failures }: DeploymentSnapshot): Stuck | undefined {
  const count = Math.max(primary?.failedTasks ?? 0, failures.length);
  if (count === 0) return undefined;
  const last = failures.at(-1);
  const why = last === undefined ? '' : `, the last by ${last.kind} (${last.reason})`;
  return { words: `${count} of its tasks have failed${why}`, facts: { waitsFor: 'Tasks' } };
}

/** Its tasks have been up for longer than earlier rollouts took as a whole and than they may take to start, and none is healthy. */
function neverHealthy(snapshot: DeploymentSnapshot): Stuck | undefined {
  const { primary, tasks, now, limits, definitions } = snapshot;
  const definition = definitions.find(({ arn }) => arn === primary?.taskDefinition);
  const check = definition?.containers.find(({ essential, healthCheck }) => essential && healthCheck)?.healthCheck;
  if (check === undefined || tasks.some(({ healthStatus }) => healthStatus === 'HEALTHY')) return undefined;
  const upSeconds = Math.max(0, ...tasks.map((task) => secondsUp(task, now)).filter(isDefined));
  const earlier = earlierSeconds(snapshot);
  const usual = earlier.length === 0 ? limits.deployTimeoutSeconds : Math.max(...earlier);
  if (upSeconds <= Math.max(usual, check.startSeconds)) return undefined;
  const judgedAfterSeconds = check.startSeconds + check.intervalSeconds * check.retries;
  return {
    words: `its tasks are up, for ${upSeconds} s, and none is healthy; its health check tells an ill one after ${judgedAfterSeconds} s`,
    facts: { waitsFor: 'Health', upSeconds, judgedAfterSeconds },
  };
}

function secondsUp({ startedAt, lastStatus }: EcsTask, now: Date): number | undefined {
  return startedAt === undefined || lastStatus !== 'RUNNING' ? undefined : Math.round(secondsBetween(startedAt, now));
}

/** How long each of those took that ended well. */
export function earlierSeconds({ history }: DeploymentSnapshot): readonly number[] {
  return history.flatMap(({ status, startedAt, finishedAt }) =>
    status !== 'SUCCESSFUL' || startedAt === undefined || finishedAt === undefined
      ? []
      : [Math.round(secondsBetween(startedAt, finishedAt))],
  );
}
