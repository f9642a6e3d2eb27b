import type { DeploymentRecord, ServiceRecord } from '../model/records.ts';
import type { BreakerBounds } from '../options.ts';
import { addEvent } from './events.ts';

/** How many failed tasks make a deployment fail (the rules are those of ECS's DeploymentCircuitBreaker). */
export function thresholdOf(service: ServiceRecord, bounds: BreakerBounds): number {
  const own = service.configuration.deploymentCircuitBreaker?.thresholdConfiguration;
  const value = own?.value ?? bounds.percent;
  const share = Math.ceil((service.desiredCount * value) / 100);
  switch (own?.type) {
    case 'COUNT':
      return Math.max(1, value);
    case 'UNBOUNDED_PERCENT':
      return Math.max(1, share);
    default:
      return Math.min(bounds.maximum, Math.max(bounds.minimum, share));
  }
}

/** Fails the primary deployment when too many of its tasks came to harm, and rolls back where that is asked for. */
export function checkBreaker(service: ServiceRecord, bounds: BreakerBounds): void {
  const [primary] = service.deployments;
  const breaker = service.configuration.deploymentCircuitBreaker;
  if (breaker?.enable !== true || primary?.rolloutState !== 'IN_PROGRESS') return;
  if (primary.failedTasks < thresholdOf(service, bounds)) return;
  fail(service, primary);
  const target = breaker.rollback === true ? rollbackTarget(service, primary) : undefined;
  if (target === undefined) stopServiceDeployment(service);
  else rollBack(service, primary, target);
}

function fail(service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  deployment.updatedAt = new Date();
  addEvent(service, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
  const [current] = service.serviceDeployments;
  if (current !== undefined) current.breaker.status = 'TRIGGERED';
}

/** The newest that was COMPLETED once; a first deployment has none, and ECS then leaves it as it is. */
function rollbackTarget(service: ServiceRecord, failed: DeploymentRecord): DeploymentRecord | undefined {
  return service.deployments.find((deployment) => deployment !== failed && deployment.completedOnce);
}

function stopServiceDeployment(service: ServiceRecord): void {
  const [current] = service.serviceDeployments;
  if (current === undefined) return;
  current.status = 'STOPPED';
  current.statusReason = 'Service deployment stopped because the circuit breaker threshold was exceeded.';
  current.finishedAt = new Date();
  current.updatedAt = current.finishedAt;
}

function rollBack(service: ServiceRecord, failed: DeploymentRecord, target: DeploymentRecord): void {
  const now = new Date();
  failed.status = 'ACTIVE';
  target.status = 'PRIMARY';
  target.rolloutState = 'IN_PROGRESS';
  target.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`;
  target.updatedAt = now;
  target.failedTasks = 0;
  service.deployments = [target, ...service.deployments.filter((deployment) => deployment !== target)];
  addEvent(service, `rolling back to deployment ${target.id}.`);
  const [current] = service.serviceDeployments;
  if (current === undefined) return;
  const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
  current.status = 'ROLLBACK_IN_PROGRESS';
  current.statusReason = reason;
  current.rollback = { reason, startedAt: now, target };
  current.updatedAt = now;
}
