import type { Container, HealthStatus, NetworkBinding, Task } from '@aws-sdk/client-ecs';
import type { ContainerRecord, TaskRecord } from './records.ts';

/** A task as DescribeTasks and StopTask show it. */
export function viewTask(task: TaskRecord, withTags: boolean): Task {
  const { definition } = task.taskDefinition;
  return {
    attachments: [],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: 'lab-1a',
    clusterArn: task.cluster.arn,
    connectivity: 'CONNECTED',
    connectivityAt: task.createdAt,
    containers: task.containers.map((container) => viewContainer(task, container)),
    cpu: definition.cpu,
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    executionStoppedAt: task.executionStoppedAt,
    group: `service:${task.service.name}`,
    healthStatus: taskHealth(task),
    inferenceAccelerators: [],
    lastStatus: task.lastStatus,
    launchType: task.service.settings.launchType ?? 'EC2',
    memory: definition.memory,
    overrides: { containerOverrides: task.containers.map(({ name }) => ({ name })), inferenceAcceleratorOverrides: [] },
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    startedBy: task.deployment.id,
    stopCode: task.stop?.code,
    stoppedAt: task.stoppedAt,
    stoppedReason: task.stop?.reason,
    stoppingAt: task.stoppingAt,
    tags: withTags ? task.tags : [],
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    version: task.version,
  };
}

/** Of the essential containers with a health check: UNHEALTHY if one is, HEALTHY if all are, else UNKNOWN. */
export function taskHealth(task: TaskRecord): HealthStatus {
  const checked = task.containers.filter(
    ({ definition }) => definition.essential !== false && definition.healthCheck !== undefined,
  );
  if (checked.some((container) => container.healthStatus === 'UNHEALTHY')) return 'UNHEALTHY';
  const allHealthy = checked.length > 0 && checked.every((container) => container.healthStatus === 'HEALTHY');
  return allHealthy ? 'HEALTHY' : 'UNKNOWN';
}

function viewContainer(task: TaskRecord, container: ContainerRecord): Container {
  const { definition } = container;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: definition.image,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: bindings(container),
    networkInterfaces: [],
    healthStatus: container.healthStatus,
    cpu: String(definition.cpu ?? 0),
    memory: definition.memory === undefined ? undefined : String(definition.memory),
    memoryReservation: definition.memoryReservation === undefined ? undefined : String(definition.memoryReservation),
  };
}

function bindings({ definition, port }: ContainerRecord): NetworkBinding[] {
  const containerPort = definition.portMappings?.[0]?.containerPort;
  if (port === undefined || containerPort === undefined) return [];
  return [{ bindIP: '127.0.0.1', containerPort, hostPort: port, protocol: 'tcp' }];
}
