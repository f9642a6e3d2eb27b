import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../model/records.ts';
import { addEvent } from './events.ts';

/** Draws the conclusions from how the tasks stand: deployment completed, steady state reached or lost, service drained. */
export function concludeRollout(service: ServiceRecord, tasks: readonly TaskRecord[]): void {
  if (service.status === 'DRAINING') return concludeDraining(service, tasks);
  const [primary] = service.deployments;
  if (primary === undefined || service.status === 'INACTIVE') return;
  const standing = tasks.filter((task) => task.deployment === primary && task.desiredStatus === 'RUNNING');
  const isSteady = standing.filter((task) => task.steady).length >= service.desiredCount;
  const others = tasks.filter((task) => task.deployment !== primary && task.lastStatus !== 'STOPPED');
  dropSuperseded(service, others);
  if (isSteady && others.length === 0 && primary.rolloutState === 'IN_PROGRESS') complete(service, primary);
  noteSteadyState(service, isSteady && service.deployments.length === 1);
}

/** Of deployments that never got anywhere nothing is left to show, or to go back to, once their tasks are gone. */
function dropSuperseded(service: ServiceRecord, tasksOfOthers: readonly TaskRecord[]): void {
  service.deployments = service.deployments.filter(
    (deployment) =>
      deployment.status === 'PRIMARY' ||
      deployment.completedOnce ||
      deployment.rolloutState === 'FAILED' ||
      tasksOfOthers.some((task) => task.deployment === deployment),
  );
}

function complete(service: ServiceRecord, primary: DeploymentRecord): void {
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = new Date();
  primary.completedOnce = true;
  service.deployments = [primary];
  addEvent(service, `(deployment ${primary.id}) deployment completed.`);
  completeServiceDeployment(service);
}

function completeServiceDeployment(service: ServiceRecord): void {
  const [current] = service.serviceDeployments;
  if (current === undefined || current.finishedAt !== undefined) return;
  current.status = current.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL';
  if (current.breaker.status === 'MONITORING') current.breaker.status = 'MONITORING_COMPLETE';
  current.finishedAt = new Date();
  current.updatedAt = current.finishedAt;
}

function noteSteadyState(service: ServiceRecord, isSteady: boolean): void {
  if (isSteady && !service.steady) addEvent(service, 'has reached a steady state.');
  service.steady = isSteady;
}

function concludeDraining(service: ServiceRecord, tasks: readonly TaskRecord[]): void {
  if (tasks.some((task) => task.lastStatus !== 'STOPPED')) return;
  service.status = 'INACTIVE';
  service.deployments = [];
}
