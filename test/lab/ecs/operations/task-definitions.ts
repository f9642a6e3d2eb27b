import type {
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { TaskDefinitionRecord } from '../model/records.ts';
import { clientError, invalid } from '../protocol/ecs-error.ts';
import { checkContainers } from './check-containers.ts';
import type { Operation } from './context.ts';
import { taskSize } from './task-size.ts';
import { checkName, checkTags, paginate, required } from './input.ts';

export const registerTaskDefinition: Operation<RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse> = (
  { world },
  input,
) => {
  const family = checkName(required(input.family, 'Family'), 'Family');
  const { tags, ...given } = input;
  const containers = checkContainers(input);
  const revision = (world.revisions(family).at(-1)?.revision ?? 0) + 1;
  const arn = world.arns.taskDefinition(family, revision);
  const definition: TaskDefinition = {
    ...given,
    containerDefinitions: containers,
    ...taskSize(input),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    taskDefinitionArn: arn,
    revision,
    requiresAttributes: [],
    compatibilities: ['EC2', ...(input.networkMode === 'awsvpc' ? (['FARGATE'] as const) : [])],
    registeredAt: new Date(),
    registeredBy: world.arns.root,
  };
  const record: TaskDefinitionRecord = {
    arn,
    family,
    revision,
    definition,
    containers,
    status: 'ACTIVE',
    deregisteredAt: undefined,
    tags: checkTags(tags),
  };
  world.addRevision(record);
  return { taskDefinition: viewTaskDefinition(record), tags: record.tags };
};

export const describeTaskDefinition: Operation<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse> = (
  { world },
  input,
) => {
  const record = world.taskDefinition(required(input.taskDefinition, 'taskDefinition'));
  if (record === undefined) throw clientError('Unable to describe task definition.');
  const tags = input.include?.includes('TAGS') === true ? record.tags : undefined;
  return { taskDefinition: viewTaskDefinition(record), tags };
};

/** Running tasks and services go on with an inactive revision; nothing new may be started from it. */
export const deregisterTaskDefinition: Operation<DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse> = (
  { world },
  input,
) => {
  const reference = required(input.taskDefinition, 'taskDefinition');
  if (!/:\d+$/.test(reference)) throw invalid('A revision must be specified.');
  const record = world.taskDefinition(reference);
  if (record === undefined) throw clientError('The specified task definition does not exist.');
  record.status = 'INACTIVE';
  record.deregisteredAt ??= new Date();
  return { taskDefinition: viewTaskDefinition(record) };
};

/** Unlike in other lists, `familyPrefix` is the whole family name, as ECS has it. */
export const listTaskDefinitions: Operation<ListTaskDefinitionsRequest, ListTaskDefinitionsResponse> = (
  { world },
  input,
) => {
  const families = input.familyPrefix === undefined ? world.families() : [input.familyPrefix];
  const wanted = input.status ?? 'ACTIVE';
  const ascending = families
    .flatMap((family) => world.revisions(family))
    .filter(({ status }) => status === wanted)
    .map(({ arn }) => arn);
  const sorted = input.sort === 'DESC' ? ascending.toReversed() : ascending;
  const [taskDefinitionArns, nextToken] = paginate(sorted, input);
  return { taskDefinitionArns, nextToken };
};

export const listTaskDefinitionFamilies: Operation<
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse
> = ({ world }, input) => {
  const wanted = input.status ?? 'ALL';
  const matches = world
    .families()
    .filter((family) => family.startsWith(input.familyPrefix ?? ''))
    .filter((family) => wanted === 'ALL' || familyStatus(world.revisions(family)) === wanted);
  const [families, nextToken] = paginate(matches, input);
  return { families, nextToken };
};

function familyStatus(revisions: readonly TaskDefinitionRecord[]): 'ACTIVE' | 'INACTIVE' {
  return revisions.some(({ status }) => status === 'ACTIVE') ? 'ACTIVE' : 'INACTIVE';
}

function viewTaskDefinition({ definition, status, deregisteredAt }: TaskDefinitionRecord): TaskDefinition {
  return { ...definition, status, deregisteredAt };
}
