import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { ServiceDeploymentRecord, ServiceRecord } from '../model/records.ts';
import { summarizeServiceDeployment, viewServiceDeployment } from '../model/service-deployment-view.ts';
import { invalid } from '../protocol/ecs-error.ts';
import type { Operation, OperationContext } from './context.ts';
import { paginate, required } from './input.ts';

/** Newest first. */
export const listServiceDeployments: Operation<ListServiceDeploymentsRequest, ListServiceDeploymentsResponse> = (
  { world },
  input,
) => {
  const service = world.service(input.cluster, required(input.service, 'service'));
  const found = service.serviceDeployments.filter((record) => isAskedFor(record, input));
  const [page, nextToken] = paginate(found, input);
  return { serviceDeployments: page.map((record) => summarizeServiceDeployment(service, record)), nextToken };
};

export const describeServiceDeployments: Operation<
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse
> = (context, input) => {
  const arns = input.serviceDeploymentArns ?? [];
  if (arns.length === 0) throw invalid('serviceDeploymentArns cannot be empty.');
  const serviceDeployments: ServiceDeployment[] = [];
  const failures = [];
  for (const arn of arns) {
    const found = find(context, arn);
    if (found === undefined) failures.push({ arn, reason: 'MISSING' });
    else serviceDeployments.push(viewServiceDeployment(found[0], found[1], context.world.tasksOf(found[0])));
  }
  return { serviceDeployments, failures };
};

function find({ world }: OperationContext, arn: string): [ServiceRecord, ServiceDeploymentRecord] | undefined {
  for (const service of world.services()) {
    const record = service.serviceDeployments.find((candidate) => candidate.arn === arn);
    if (record !== undefined) return [service, record];
  }
  return undefined;
}

/** On the wire `createdAt` holds seconds since 1970, where the SDK's type has dates. */
function isAskedFor(record: ServiceDeploymentRecord, { status, createdAt }: ListServiceDeploymentsRequest): boolean {
  const at = record.createdAt.getTime() / 1000;
  const isWithin = at <= Number(createdAt?.before ?? Infinity) && at >= Number(createdAt?.after ?? 0);
  return isWithin && (status === undefined || status.length === 0 || status.includes(record.status));
}
