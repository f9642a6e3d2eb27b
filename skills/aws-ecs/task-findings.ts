import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { memoryLimit } from '../lib/ecs/difference.ts';
import { type FailureKind, killedExitCode, type TaskFailure } from '../lib/ecs/failure.ts';
import type { EcsContainerDefinition, EcsTaskDefinition } from '../lib/ecs/model.ts';
import { revisionOf, shortName } from '../lib/ecs/names.ts';
import { findingId } from '../lib/finding-id.ts';
import { earliest, secondsBetween } from '../lib/time.ts';
import { round } from '../lib/statistics.ts';
import { memoryUse } from './memory-shape.ts';
import type { EcsSnapshot } from './snapshot.ts';

/** Below this share of its limit nothing is killed for its memory. */
const nearLimitPercent = 90;
const mostListed = 20;

/** One finding for each kind of failure of a container in a revision. */
export function taskFindings(snapshot: EcsSnapshot): readonly Finding[] {
  const groups = Map.groupBy(snapshot.failures, (failure) => {
    const kind = kindOf(failure, snapshot);
    return `${kind}|${failure.container}|${shortName(failure.task.taskDefinition)}`;
  });
  return [...groups.values()].map((group) => findingOf(group, snapshot));
}

/**
 * A kill that nobody explains (some runtimes leave the reason out) counts as out of memory when the memory was nearly used
 * up at the time; else it stays what it is, an exit with 137.
 */
function kindOf(failure: TaskFailure, snapshot: EcsSnapshot): FailureKind {
  if (failure.kind !== 'ExitedNonZero' || failure.exitCode !== killedExitCode) return failure.kind;
  const peak = Math.max(0, ...snapshot.utilisation.memory.map(([, value]) => value));
  return peak >= nearLimitPercent ? 'OutOfMemory' : failure.kind;
}

function findingOf(group: readonly TaskFailure[], snapshot: EcsSnapshot): Finding {
  const [first] = group as readonly [TaskFailure, ...TaskFailure[]];
  const kind = kindOf(first, snapshot);
  const definition = snapshot.definitions.find((one) => one.arn === first.task.taskDefinition);
  const container = definition?.containers.find((one) => one.name === first.container);
  const since = earliest(group.map(({ task }) => task.stoppedAt));
  return {
    id: findingId(snapshot.node, `aws-ecs.${kind}`, `${first.container}@${shortName(first.task.taskDefinition)}`),
    node: snapshot.node,
    kind: `aws-ecs.${kind}`,
    severity: 'Critical',
    summary: summaryOf(kind, group, definition, container),
    ...(since === undefined ? {} : { since }),
    value: group.length,
    threshold: 0,
    unit: 'stopped tasks',
    source: `ecs_resource_management DescribeTasks ${shortName(snapshot.target.cluster)}/${shortName(snapshot.target.service)}`,
    facts: {
      ...commonFacts(group, first, snapshot),
      ...(kind === 'OutOfMemory' ? memoryFacts(definition, container, snapshot) : {}),
      ...(container === undefined ? {} : { environmentNames: Object.keys(container.environment).slice(0, 100) }),
    },
  };
}

function commonFacts(group: readonly TaskFailure[], first: TaskFailure, snapshot: EcsSnapshot): JsonObject {
  const { taskDefinition } = first.task;
  return {
    container: first.container,
    taskDefinition,
    revision: revisionOf(taskDefinition).revision,
    exitCode: first.exitCode ?? null,
    reason: first.reason,
    count: group.length,
    aliveSeconds: group.slice(-mostListed).map(({ task }) => aliveSeconds(task.startedAt, task.stoppedAt)),
    stoppedAt: group.slice(-mostListed).map(({ task }) => task.stoppedAt?.toISOString() ?? null),
    tasks: group.slice(-5).map(({ task }) => shortName(task.arn)),
    everSteady: everSteady(taskDefinition, snapshot),
  };
}

/** Null for a task that never got to run. */
function aliveSeconds(startedAt: Date | undefined, stoppedAt: Date | undefined): number | null {
  return startedAt === undefined || stoppedAt === undefined ? null : round(secondsBetween(startedAt, stoppedAt), 1);
}

/** Did a deployment of this revision ever complete: did it run in full for a while before it failed? */
function everSteady(taskDefinition: string, { service }: EcsSnapshot): boolean {
  return service.deployments.some((one) => one.taskDefinition === taskDefinition && one.rolloutState === 'COMPLETED');
}

function memoryFacts(
  definition: EcsTaskDefinition | undefined,
  container: EcsContainerDefinition | undefined,
  snapshot: EcsSnapshot,
): JsonObject {
  if (definition === undefined || container === undefined) return { memory: null };
  return {
    memory: memoryLimit(definition, container) ?? null,
    limitOf: container.memory === undefined ? 'task' : 'container',
    use: memoryUse(snapshot.utilisation.memory),
  };
}

const verbs: Readonly<Record<FailureKind, string>> = {
  OutOfMemory: 'was killed for using more memory than its limit',
  ExitedNonZero: 'exited by itself',
  ExitedZero: 'ended by itself as if its work were done',
  HealthCheckFailed: 'failed its health check',
  ImagePullFailed: 'could not pull its image',
  StartFailed: 'could not be started',
};

function summaryOf(
  kind: FailureKind,
  group: readonly TaskFailure[],
  definition: EcsTaskDefinition | undefined,
  container: EcsContainerDefinition | undefined,
): string {
  const [first] = group as readonly [TaskFailure, ...TaskFailure[]];
  const subject = first.container === '' ? 'a task' : `container ${first.container}`;
  const limit = definition !== undefined && container !== undefined ? memoryLimit(definition, container) : undefined;
  const details = [
    ...(first.exitCode === undefined ? [] : [`exit code ${first.exitCode}`]),
    ...(kind === 'OutOfMemory' && limit !== undefined ? [`limit ${limit} MiB`] : []),
    ...(first.reason === '' ? [] : [first.reason]),
  ];
  const times = group.length === 1 ? 'once' : `${group.length} times`;
  const where = shortName(first.task.taskDefinition);
  return `${subject} of ${where} ${verbs[kind]} ${times} (${details.join(', ')})`.slice(0, 500);
}
