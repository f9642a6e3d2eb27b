import type { JsonObject } from '../../../controller/api/json.ts';
import { isDefined } from '../reading.ts';
import { within, type Window } from '../time.ts';
import type { EcsDeployment, EcsService, EcsTask } from './model.ts';
import { revisionOf } from './names.ts';

export function primaryOf(service: EcsService): EcsDeployment | undefined {
  return service.deployments.find((one) => one.status === 'PRIMARY');
}

/** Did this deployment start the task? By its id where the task tells it, else by the revision. */
export function startedByDeployment(task: EcsTask, deployment: EcsDeployment): boolean {
  if (task.startedBy?.startsWith('ecs-svc/') === true) return task.startedBy === deployment.id;
  return task.taskDefinition === deployment.taskDefinition;
}

/** The circuit breaker gave this deployment up, or started it to go back. ECS says so in its reason alone. */
export function byCircuitBreaker(deployment: EcsDeployment): boolean {
  return deployment.rolloutReason?.toLowerCase().includes('circuit breaker') ?? false;
}

/**
 * A stopped task that a later, completed deployment of another definition has replaced is of the past: its failure says nothing of
 * what runs now. One of the same definition says much: nothing but time has changed. When the circuit breaker went back, the
 * failed revision's tasks are the very news: it goes back to an older deployment, which keeps its id and its time.
 */
export function superseded(task: EcsTask, service: EcsService): boolean {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'COMPLETED' || startedByDeployment(task, primary)) return false;
  if (byCircuitBreaker(primary) || task.taskDefinition === primary.taskDefinition) return false;
  return (
    isBefore(task.createdAt, primary.createdAt) && isBefore(task.stoppedAt, primary.updatedAt ?? primary.createdAt)
  );
}

function isBefore(time: Date | undefined, other: Date | undefined): boolean {
  return time !== undefined && other !== undefined && time <= other;
}

/** ECS' event for a deployment that it gave up; it stays when the deployment itself is no longer listed. */
const failedEvent = /\(deployment (ecs-svc\/[^)\s]+)\) deployment failed/;

interface FailedDeployment {
  readonly id: string;
  readonly at: Date;
}

/** Deployments that failed at that time or later, by the service's events, newest first. */
export function failedSince(service: EcsService, since: Date): readonly FailedDeployment[] {
  return service.events.flatMap(({ at, message }) => {
    const id = failedEvent.exec(message)?.[1];
    return id === undefined || at === undefined || at < since ? [] : [{ id, at }];
  });
}

export function failedInWindow(service: EcsService, window: Window): readonly FailedDeployment[] {
  return failedSince(service, window.from).filter(({ at }) => within(at, window));
}

/** When the last of these tasks came up; undefined where none tells it. */
export function upSince(tasks: readonly EcsTask[]): Date | undefined {
  const times = tasks.map(({ startedAt, createdAt }) => startedAt ?? createdAt).filter(isDefined);
  return times.length === 0 ? undefined : new Date(Math.max(...times.map((time) => time.getTime())));
}

/** What findings say of a deployment. */
export function deploymentFacts(deployment: EcsDeployment): JsonObject {
  return {
    deployment: deployment.id,
    taskDefinition: deployment.taskDefinition,
    revision: revisionOf(deployment.taskDefinition).revision,
    rolloutState: deployment.rolloutState ?? null,
    failedTasks: deployment.failedTasks,
  };
}
