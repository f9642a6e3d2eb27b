import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './records.ts';

/** A service as DescribeServices and the calls that change it show it. `tasks` are those of the service. */
export function viewService(service: ServiceRecord, tasks: readonly TaskRecord[], withTags: boolean): Service {
  const [current] = service.serviceDeployments;
  const last = service.deployments[0] ?? current?.deployment;
  return {
    ...service.settings,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    ...countTasks(tasks),
    taskDefinition: last?.taskDefinition.arn,
    deploymentConfiguration: service.configuration,
    deployments: service.deployments.map((deployment) => viewDeployment(service, deployment, tasks)),
    events: service.events,
    createdAt: service.createdAt,
    currentServiceDeployment: current?.arn,
    currentServiceRevisions: service.deployments.map((deployment) => summarizeRevision(service, deployment, tasks)),
    tags: withTags ? service.tags : undefined,
  };
}

export interface TaskCounts {
  readonly runningCount: number;
  readonly pendingCount: number;
}

/** As ECS counts: what runs and is not stopping, and what is on its way there. */
export function countTasks(tasks: readonly TaskRecord[]): TaskCounts {
  const wanted = tasks.filter((task) => task.desiredStatus === 'RUNNING');
  const running = wanted.filter((task) => task.lastStatus === 'RUNNING').length;
  return { runningCount: running, pendingCount: wanted.length - running };
}

export function summarizeRevision(service: ServiceRecord, deployment: DeploymentRecord, tasks: readonly TaskRecord[]) {
  const counts = countTasks(tasks.filter((task) => task.deployment === deployment));
  return {
    arn: deployment.revisionArn,
    requestedTaskCount: desiredOf(service, deployment, counts),
    runningTaskCount: counts.runningCount,
    pendingTaskCount: counts.pendingCount,
  };
}

function viewDeployment(
  service: ServiceRecord,
  deployment: DeploymentRecord,
  tasks: readonly TaskRecord[],
): Deployment {
  const counts = countTasks(tasks.filter((task) => task.deployment === deployment));
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition.arn,
    desiredCount: desiredOf(service, deployment, counts),
    ...counts,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    launchType: service.settings.launchType ?? 'EC2',
    networkConfiguration: service.settings.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

/** An older deployment wants what is left of it; a failed one that was rolled back, nothing. */
function desiredOf(service: ServiceRecord, deployment: DeploymentRecord, counts: TaskCounts): number {
  if (deployment.status === 'PRIMARY') return service.desiredCount;
  return deployment.rolloutState === 'FAILED' ? 0 : counts.runningCount + counts.pendingCount;
}
