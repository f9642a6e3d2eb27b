import type { EcsDeployment, EcsService, EcsTask } from './model.ts';

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
 * A stopped task that a later, completed deployment has replaced is of the past: its failure says nothing of what runs
 * now. When the circuit breaker went back, the failed revision's tasks are the very news.
 */
export function superseded(task: EcsTask, service: EcsService): boolean {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'COMPLETED' || startedByDeployment(task, primary)) return false;
  if (byCircuitBreaker(primary)) return false;
  const completed = primary.updatedAt ?? primary.createdAt;
  return completed !== undefined && task.stoppedAt !== undefined && task.stoppedAt <= completed;
}
