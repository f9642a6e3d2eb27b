import type { JsonObject } from '../../../controller/api/json.ts';
import { listOf, objectOf, textOf, textsOf } from '../reading.ts';
import type { Tools } from '../../skill.ts';
import type { EcsService, EcsTask, EcsTaskDefinition } from './model.ts';
import { parseService, parseTask, parseTaskDefinition } from './parse.ts';

export const ecsReadTool = 'ecs_resource_management';

/** Which service of which cluster; each a name or an ARN. */
export interface EcsTarget {
  readonly cluster: string;
  readonly service: string;
}

/** ECS answered an error, or the MCP server in front of it refused. */
export class EcsAnswerError extends Error {
  readonly code: string;

  constructor(operation: string, code: string, words: string) {
    super(`${operation}: ${words}`);
    this.name = 'EcsAnswerError';
    this.code = code;
  }
}

/** There is no such service in the cluster, or it has been deleted. */
export class ServiceMissingError extends Error {
  constructor(target: EcsTarget) {
    super(`no active service ${target.service} in cluster ${target.cluster}`);
    this.name = 'ServiceMissingError';
  }
}

/** Most tasks that DescribeTasks takes, and that ListTasks answers a page. */
const describeLimit = 100;
/** More tasks than ECS allows a service. */
const mostPages = 60;

export function targetOf(parameters: JsonObject): EcsTarget {
  return { cluster: textOf(parameters['cluster']) ?? '', service: textOf(parameters['service']) ?? '' };
}

/**
 * One ECS operation through the tool contract. The contract answers an error as an ordinary object with `status`
 * `failed` or `error`; here it is thrown.
 * @throws EcsAnswerError, ToolError
 */
export async function ecsCall(
  tools: Tools,
  operation: string,
  params: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const answer = objectOf(await tools.call(ecsReadTool, { api_operation: operation, api_params: params }, signal));
  const words = textOf(answer['error']);
  if (words !== undefined && (answer['status'] === 'failed' || answer['status'] === 'error')) {
    throw new EcsAnswerError(operation, textOf(answer['code']) ?? 'Error', words);
  }
  return answer;
}

/** @throws ServiceMissingError and what `ecsCall` throws */
export async function describeService(tools: Tools, target: EcsTarget, signal: AbortSignal): Promise<EcsService> {
  const params = { cluster: target.cluster, services: [target.service] };
  const answer = await ecsCall(tools, 'DescribeServices', params, signal);
  const found = listOf(answer['services'])[0];
  const service = parseService(found);
  if (found === undefined || service.status === 'INACTIVE') throw new ServiceMissingError(target);
  return service;
}

/** The service's tasks; ECS keeps stopped ones for about an hour. */
export async function describeTasks(
  tools: Tools,
  target: EcsTarget,
  desiredStatus: 'RUNNING' | 'STOPPED',
  signal: AbortSignal,
): Promise<readonly EcsTask[]> {
  const arns = await listTasks(tools, target, desiredStatus, signal);
  const described: EcsTask[] = [];
  for (let index = 0; index < arns.length; index += describeLimit) {
    const tasks = arns.slice(index, index + describeLimit);
    const answer = await ecsCall(tools, 'DescribeTasks', { cluster: target.cluster, tasks }, signal);
    described.push(...listOf(answer['tasks']).map(parseTask));
  }
  return described;
}

async function listTasks(
  tools: Tools,
  target: EcsTarget,
  desiredStatus: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const filter = { cluster: target.cluster, serviceName: target.service, desiredStatus };
  const arns: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const params = { ...filter, ...(nextToken === undefined ? {} : { nextToken }) };
    const answer = await ecsCall(tools, 'ListTasks', params, signal);
    arns.push(...textsOf(answer['taskArns']));
    nextToken = textOf(answer['nextToken']);
    if (nextToken === undefined) break;
  }
  return arns;
}

/** @param taskDefinition ARN, or `family:revision` */
export async function describeTaskDefinition(
  tools: Tools,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<EcsTaskDefinition> {
  const params = { taskDefinition, include: ['TAGS'] };
  return parseTaskDefinition(await ecsCall(tools, 'DescribeTaskDefinition', params, signal));
}

/** ARNs of a family's active revisions, newest first. */
export async function listRevisions(
  tools: Tools,
  family: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const params = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: limit };
  return textsOf((await ecsCall(tools, 'ListTaskDefinitions', params, signal))['taskDefinitionArns']);
}
