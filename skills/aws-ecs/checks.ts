import { describeService, describeTasks, targetOf } from '../lib/ecs/api.ts';
import { primaryOf, startedByDeployment, upSince } from '../lib/ecs/deployment.ts';
import { failureOf, type TaskFailure } from '../lib/ecs/failure.ts';
import type { EcsService } from '../lib/ecs/model.ts';
import { shortName } from '../lib/ecs/names.ts';
import { rolloutState } from '../lib/ecs/rollout.ts';
import { isDefined, numberOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';

const defaultStabilizationSeconds = 60;
const pollMs = 1000;

/**
 * All tasks run, the rollout is complete, and for `stabilizationSeconds` no task of the deployment that runs has failed. Waits
 * until that is so, at most three times as long; a failure since the act ends it at once. Tasks of deployments that have been
 * replaced do not count: they are what was repaired.
 */
export const tasksStable: Check = { name: 'tasks-stable', waits: true, run };

interface Look {
  readonly service: EcsService;
  readonly failures: readonly TaskFailure[];
  /** Since when it has been as it should be; undefined while it is not. */
  readonly steadySince?: Date;
}

async function run(context: CheckContext): Promise<CheckResult> {
  const wanted = numberOf(context.thresholds['stabilizationSeconds']) ?? defaultStabilizationSeconds;
  const deadline = context.clock.now().getTime() + 3 * wanted * 1000;
  for (;;) {
    const look = await lookAt(context);
    const now = context.clock.now();
    const verdict = judge(look, now, wanted);
    if (verdict !== undefined) return result(context, look, verdict, now, wanted);
    if (now.getTime() >= deadline) return result(context, look, 'Fail', now, wanted);
    await context.clock.sleep(pollMs, context.signal);
  }
}

function judge(look: Look, now: Date, wanted: number): CheckResult['verdict'] | undefined {
  if (look.failures.length > 0 || rolloutState(look.service).state === 'Failed') return 'Fail';
  if (look.service.desired === 0) return 'Inconclusive';
  return steadySeconds(look, now) >= wanted && look.steadySince !== undefined ? 'Pass' : undefined;
}

function steadySeconds({ steadySince }: Look, now: Date): number {
  return steadySince === undefined ? 0 : Math.max(0, Math.floor((now.getTime() - steadySince.getTime()) / 1000));
}

async function lookAt(context: CheckContext): Promise<Look> {
  const { tools, signal, window } = context;
  const target = targetOf(context.node.with);
  const service = await describeService(tools, target, signal);
  const primary = primaryOf(service);
  if (primary === undefined) return { service, failures: [] };
  const [running, stopped] = await Promise.all([
    describeTasks(tools, target, 'RUNNING', signal),
    describeTasks(tools, target, 'STOPPED', signal),
  ]);
  const failures = stopped
    .filter(
      (task) => startedByDeployment(task, primary) && task.stoppedAt !== undefined && task.stoppedAt >= window.from,
    )
    .map(failureOf)
    .filter(isDefined);
  const own = running.filter((task) => task.lastStatus === 'RUNNING' && startedByDeployment(task, primary));
  const healthy = own.length >= service.desired && own.every((task) => task.healthStatus !== 'UNHEALTHY');
  const steady = healthy && rolloutState(service).state === 'Completed';
  // A rollout that completed after the last of its tasks came up adds nothing to that.
  const steadySince = steady ? upSince(own) : undefined;
  return { service, failures, ...(steadySince === undefined ? {} : { steadySince }) };
}

function result(
  context: CheckContext,
  look: Look,
  verdict: CheckResult['verdict'],
  now: Date,
  wanted: number,
): CheckResult {
  const seconds = steadySeconds(look, now);
  return {
    name: 'tasks-stable',
    node: context.node.id,
    verdict,
    summary: summaryOf(look, verdict, seconds, wanted).slice(0, 500),
    value: seconds,
    threshold: wanted,
    unit: 's',
  };
}

function summaryOf(
  { service, failures }: Look,
  verdict: CheckResult['verdict'],
  seconds: number,
  wanted: number,
): string {
  const counts = `${service.running} of ${service.desired} tasks run`;
  const [first] = failures;
  if (first !== undefined) {
    const { task, kind, reason } = first;
    return `${failures.length} tasks of ${shortName(task.taskDefinition)} failed since the act (${kind}: ${reason}); ${counts}`;
  }
  if (verdict === 'Inconclusive') return 'the service wants no tasks, so nothing shows whether they would hold';
  if (verdict === 'Pass') return `${counts}, none failed, steady for ${seconds} s`;
  return `${counts}, steady for ${seconds} s of ${wanted} s; ${rolloutState(service).summary}`;
}
