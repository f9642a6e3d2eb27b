import { EcsError } from '../protocol/ecs-error.ts';
import type { OnWrite } from '../options.ts';
import { createCluster, describeClusters, listClusters } from './clusters.ts';
import type { Operation, OperationContext } from './context.ts';
import { describeServiceDeployments, listServiceDeployments } from './service-deployments.ts';
import { describeServiceRevisions } from './service-revisions.ts';
import { createService, deleteService, describeServices, listServices, updateService } from './services.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from './task-definitions.ts';
import { describeTasks, listTasks, stopTask } from './tasks.ts';

const reads = {
  DescribeClusters: describeClusters,
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServiceRevisions: describeServiceRevisions,
  DescribeServices: describeServices,
  DescribeTaskDefinition: describeTaskDefinition,
  DescribeTasks: describeTasks,
  ListClusters: listClusters,
  ListServiceDeployments: listServiceDeployments,
  ListServices: listServices,
  ListTagsForResource: listTagsForResource,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  ListTaskDefinitions: listTaskDefinitions,
  ListTasks: listTasks,
};

const writes = {
  CreateCluster: createCluster,
  CreateService: createService,
  DeleteService: deleteService,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  RegisterTaskDefinition: registerTaskDefinition,
  StopTask: stopTask,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateService: updateService,
};

export type WriteOperation = keyof typeof writes;

/** Applies an operation by its name on the wire; throws EcsError. */
export async function perform(
  context: OperationContext,
  onWrite: OnWrite | undefined,
  operation: string,
  input: unknown,
): Promise<unknown> {
  const given = asObject(input);
  const read = Object.hasOwn(reads, operation) ? reads[operation as keyof typeof reads] : undefined;
  if (read !== undefined) return (read as Operation<object, unknown>)(context, given);
  const write = Object.hasOwn(writes, operation) ? writes[operation as WriteOperation] : undefined;
  if (write === undefined) throw new EcsError('UnknownOperationException', `${operation} is not served here.`);
  await onWrite?.(operation, 'received', given);
  const answer = (write as Operation<object, unknown>)(context, given);
  await onWrite?.(operation, 'answered', given);
  return answer;
}

function asObject(input: unknown): object {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new EcsError('SerializationException', 'The request is not a JSON object.');
}
