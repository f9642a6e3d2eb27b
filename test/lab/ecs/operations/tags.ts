import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '@aws-sdk/client-ecs';
import { nameIn } from '../model/arns.ts';
import { EcsError, invalid } from '../protocol/ecs-error.ts';
import type { Operation, OperationContext } from './context.ts';
import { checkTags, required } from './input.ts';

interface Tagged {
  tags: Tag[];
}

export const tagResource: Operation<TagResourceRequest, TagResourceResponse> = (context, input) => {
  const resource = find(context, input.resourceArn);
  const added = checkTags(input.tags);
  const untouched = resource.tags.filter(({ key }) => !added.some((tag) => tag.key === key));
  resource.tags = checkTags([...untouched, ...added]);
  return {};
};

export const untagResource: Operation<UntagResourceRequest, UntagResourceResponse> = (context, input) => {
  const resource = find(context, input.resourceArn);
  const removed = new Set(input.tagKeys);
  resource.tags = resource.tags.filter(({ key }) => key === undefined || !removed.has(key));
  return {};
};

export const listTagsForResource: Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  context,
  input,
) => ({ tags: find(context, input.resourceArn).tags });

/** The cluster, service, task or task definition that an ARN names. */
function find(context: OperationContext, resourceArn: string | undefined): Tagged {
  const arn = required(resourceArn, 'resourceArn');
  const [kind, cluster] = (arn.split(':')[5] ?? '').split('/');
  const found = lookUp(context, kind ?? '', cluster ?? '', arn);
  if (found !== undefined) return found;
  throw invalid('The specified resource was not found.');
}

function lookUp({ world }: OperationContext, kind: string, cluster: string, arn: string): Tagged | undefined {
  switch (kind) {
    case 'cluster':
      return world.cluster(arn);
    case 'service':
      return world.cluster(cluster).services.get(nameIn(arn));
    case 'task':
      return world.cluster(cluster).tasks.get(nameIn(arn));
    case 'task-definition':
      return world.taskDefinition(arn);
    default:
      throw new EcsError('InvalidParameterException', 'Invalid arn syntax.');
  }
}
