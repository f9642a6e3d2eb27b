import { randomUUID } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-ecs';
import { newTaskId, type Arns } from '../model/arns.ts';
import type { ContainerRecord, DeploymentRecord, ServiceRecord, TaskRecord } from '../model/records.ts';

/** A task of a deployment, listed in its cluster, that nothing has been done for yet. */
export function addTask(arns: Arns, service: ServiceRecord, deployment: DeploymentRecord): TaskRecord {
  const { cluster } = service;
  const id = newTaskId();
  const containers = deployment.taskDefinition.containers.map((definition): ContainerRecord => ({
    definition,
    name: definition.name ?? '',
    arn: arns.container(cluster.name, id, randomUUID()),
    lastStatus: 'PENDING',
    healthStatus: 'UNKNOWN',
    ready: false,
    port: undefined,
    runtimeId: undefined,
    exitCode: undefined,
    reason: undefined,
  }));
  const task: TaskRecord = {
    id,
    arn: arns.task(cluster.name, id),
    cluster,
    service,
    deployment,
    taskDefinition: deployment.taskDefinition,
    containers,
    createdAt: new Date(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    tags: propagatedTags(service, deployment),
    version: 1,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    stop: undefined,
    readySince: undefined,
    steady: false,
  };
  cluster.tasks.set(id, task);
  return task;
}

function propagatedTags({ settings, tags }: ServiceRecord, { taskDefinition }: DeploymentRecord): Tag[] {
  if (settings.propagateTags === 'SERVICE') return [...tags];
  return settings.propagateTags === 'TASK_DEFINITION' ? [...taskDefinition.tags] : [];
}
