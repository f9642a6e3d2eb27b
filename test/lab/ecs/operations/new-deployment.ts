import { newNumber } from '../model/arns.ts';
import type {
  DeploymentRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../model/records.ts';
import { thresholdOf } from '../scheduler/circuit-breaker.ts';
import type { OperationContext } from './context.ts';

/** Makes a deployment of a task definition the service's primary one; those before it become ACTIVE, on their way out. */
export function deploy(context: OperationContext, service: ServiceRecord, taskDefinition: TaskDefinitionRecord): void {
  const now = new Date();
  const sources = [...service.deployments];
  const id = `ecs-svc/${newNumber()}`;
  const deployment: DeploymentRecord = {
    id,
    taskDefinition,
    revisionArn: context.world.arns.serviceRevision(service.cluster.name, service.name, newNumber()),
    createdAt: now,
    status: 'PRIMARY',
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    failuresInARow: 0,
    startNotBefore: 0,
    completedOnce: false,
  };
  for (const source of sources) supersede(source, now);
  stopRunningServiceDeployment(service, now);
  service.deployments = [deployment, ...sources];
  service.serviceDeployments = [record(context, service, deployment, sources), ...service.serviceDeployments];
  service.steady = false;
}

function supersede(deployment: DeploymentRecord, now: Date): void {
  deployment.status = 'ACTIVE';
  deployment.updatedAt = now;
}

function stopRunningServiceDeployment(service: ServiceRecord, now: Date): void {
  const [current] = service.serviceDeployments;
  if (current === undefined || current.finishedAt !== undefined) return;
  current.status = 'STOPPED';
  current.statusReason = 'Service deployment stopped because a newer service deployment was started.';
  current.finishedAt = now;
  current.updatedAt = now;
}

function record(
  context: OperationContext,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  sources: readonly DeploymentRecord[],
): ServiceDeploymentRecord {
  const { createdAt } = deployment;
  const enabled = service.configuration.deploymentCircuitBreaker?.enable === true;
  return {
    arn: context.world.arns.serviceDeployment(service.cluster.name, service.name, newNumber()),
    deployment,
    sources,
    createdAt,
    startedAt: createdAt,
    status: 'IN_PROGRESS',
    statusReason: undefined,
    updatedAt: createdAt,
    finishedAt: undefined,
    rollback: undefined,
    breaker: {
      status: enabled ? 'MONITORING' : 'DISABLED',
      failures: 0,
      threshold: thresholdOf(service, context.breakerBounds),
    },
  };
}
