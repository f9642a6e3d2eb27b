import type { ServiceRecord, TaskRecord } from '../model/records.ts';
import type { EcsTiming } from '../options.ts';
import { addEvent } from './events.ts';

/** After so many in a row ECS says that it is slowing down. */
const impairedAfter = 3;

/**
 * Counts a stopped task for its deployment and spaces the next start. A task failed when it came to harm before it was steady; ECS
 * itself counts those that never run or fail a health check, and the lab also those that run and end at once.
 */
export function noteStopped(task: TaskRecord, timing: EcsTiming): void {
  if (task.stop?.isFailure !== true) return;
  const { deployment, service } = task;
  if (!task.steady) noteFailure(service, task);
  const doublings = Math.max(0, deployment.failuresInARow - 1);
  const pause = Math.min(timing.restartDelayMaxMs, timing.restartDelayMs * 2 ** doublings);
  deployment.startNotBefore = Date.now() + pause;
}

function noteFailure(service: ServiceRecord, { deployment }: TaskRecord): void {
  deployment.failuresInARow += 1;
  if (deployment.failuresInARow === impairedAfter)
    addEvent(service, 'is unable to consistently start tasks successfully.');
  if (deployment.status !== 'PRIMARY' || deployment.rolloutState !== 'IN_PROGRESS') return;
  deployment.failedTasks += 1;
  countForBreaker(service, deployment.failedTasks);
}

/** A task that stays ready ends a row of failures. */
export function noteSteady(task: TaskRecord): void {
  const { deployment, service } = task;
  task.steady = true;
  deployment.failuresInARow = 0;
  if (service.configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false) return;
  deployment.failedTasks = 0;
  if (service.deployments[0] === deployment) countForBreaker(service, 0);
}

function countForBreaker(service: ServiceRecord, failures: number): void {
  const [current] = service.serviceDeployments;
  if (current?.breaker.status === 'MONITORING') current.breaker.failures = failures;
}
