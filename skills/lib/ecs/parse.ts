import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { listOf, numberOf, objectOf, present, textOf, textsOf, timeOf } from '../reading.ts';
import type {
  EcsContainer,
  EcsContainerDefinition,
  EcsDeployment,
  EcsEvent,
  EcsHealthCheck,
  EcsService,
  EcsTask,
  EcsTaskDefinition,
  RolloutState,
} from './model.ts';
import { otherFields } from './other-fields.ts';

export function parseService(value: Json | undefined): EcsService {
  const service = objectOf(value);
  const configuration = objectOf(service['deploymentConfiguration']);
  const isRolling = (textOf(configuration['strategy']) ?? 'ROLLING') === 'ROLLING';
  return present<EcsService>({
    arn: textOf(service['serviceArn']) ?? '',
    name: textOf(service['serviceName']) ?? '',
    status: textOf(service['status']) ?? '',
    taskDefinition: textOf(service['taskDefinition']) ?? '',
    ...parseCounts(service),
    minimumHealthyPercent: isRolling ? numberOf(configuration['minimumHealthyPercent']) : undefined,
    maximumPercent: isRolling ? numberOf(configuration['maximumPercent']) : undefined,
    deployments: listOf(service['deployments']).map(parseDeployment),
    events: listOf(service['events']).map(parseEvent),
  });
}

function parseCounts(from: JsonObject): { desired: number; running: number; pending: number } {
  return {
    desired: numberOf(from['desiredCount']) ?? 0,
    running: numberOf(from['runningCount']) ?? 0,
    pending: numberOf(from['pendingCount']) ?? 0,
  };
}

function parseDeployment(value: Json): EcsDeployment {
  const deployment = objectOf(value);
  return present<EcsDeployment>({
    id: textOf(deployment['id']) ?? '',
    status: textOf(deployment['status']) ?? '',
    taskDefinition: textOf(deployment['taskDefinition']) ?? '',
    ...parseCounts(deployment),
    failedTasks: numberOf(deployment['failedTasks']) ?? 0,
    createdAt: timeOf(deployment['createdAt']),
    updatedAt: timeOf(deployment['updatedAt']),
    rolloutState: textOf(deployment['rolloutState']) as RolloutState | undefined,
    rolloutReason: textOf(deployment['rolloutStateReason']),
  });
}

function parseEvent(value: Json): EcsEvent {
  const event = objectOf(value);
  return present<EcsEvent>({ at: timeOf(event['createdAt']), message: textOf(event['message']) ?? '' });
}

export function parseTask(value: Json): EcsTask {
  const task = objectOf(value);
  return present<EcsTask>({
    arn: textOf(task['taskArn']) ?? '',
    taskDefinition: textOf(task['taskDefinitionArn']) ?? '',
    startedBy: textOf(task['startedBy']),
    lastStatus: textOf(task['lastStatus']) ?? '',
    healthStatus: textOf(task['healthStatus']),
    stopCode: textOf(task['stopCode']),
    stoppedReason: textOf(task['stoppedReason']),
    createdAt: timeOf(task['createdAt']),
    startedAt: timeOf(task['startedAt']),
    stoppedAt: timeOf(task['stoppedAt']),
    containers: listOf(task['containers']).map(parseContainer),
  });
}

function parseContainer(value: Json): EcsContainer {
  const container = objectOf(value);
  return present<EcsContainer>({
    name: textOf(container['name']) ?? '',
    exitCode: numberOf(container['exitCode']),
    reason: textOf(container['reason']),
    lastStatus: textOf(container['lastStatus']),
    healthStatus: textOf(container['healthStatus']),
  });
}

/** @param answer of DescribeTaskDefinition: the definition and, beside it, its tags */
export function parseTaskDefinition(answer: Json): EcsTaskDefinition {
  const definition = objectOf(objectOf(answer)['taskDefinition']);
  return present<EcsTaskDefinition>({
    arn: textOf(definition['taskDefinitionArn']) ?? '',
    family: textOf(definition['family']) ?? '',
    revision: numberOf(definition['revision']) ?? 0,
    memory: numberOf(definition['memory']),
    cpu: numberOf(definition['cpu']),
    fargate: listOf(definition['requiresCompatibilities']).includes('FARGATE'),
    registeredAt: timeOf(definition['registeredAt']),
    containers: listOf(definition['containerDefinitions']).map(parseContainerDefinition),
    others: otherFields(definition),
    tags: pairs(objectOf(answer)['tags'], 'key'),
  });
}

function parseContainerDefinition(value: Json): EcsContainerDefinition {
  const container = objectOf(value);
  return present<EcsContainerDefinition>({
    name: textOf(container['name']) ?? '',
    image: textOf(container['image']) ?? '',
    // ECS takes a container to be essential unless it says otherwise.
    essential: container['essential'] !== false,
    memory: numberOf(container['memory']),
    memoryReservation: numberOf(container['memoryReservation']),
    cpu: numberOf(container['cpu']),
    healthCheck: parseHealthCheck(container['healthCheck']),
    environment: pairs(container['environment'], 'name'),
  });
}

/** With ECS' defaults; undefined where the container has none. */
function parseHealthCheck(value: Json | undefined): EcsHealthCheck | undefined {
  const check = objectOf(value);
  const [kind = 'NONE'] = textsOf(check['command']);
  if (kind === 'NONE') return undefined;
  return {
    intervalSeconds: numberOf(check['interval']) ?? 30,
    retries: numberOf(check['retries']) ?? 3,
    startSeconds: numberOf(check['startPeriod']) ?? 0,
  };
}

function pairs(value: Json | undefined, nameField: string): Readonly<Record<string, string>> {
  const entries = listOf(value).map((item) => {
    const pair = objectOf(item);
    const text = pair['value'];
    return [textOf(pair[nameField]) ?? '', typeof text === 'string' ? text : ''] as const;
  });
  return Object.fromEntries(entries);
}
