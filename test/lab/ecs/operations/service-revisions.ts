import type {
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { DeploymentRecord, ServiceRecord } from '../model/records.ts';
import { invalid } from '../protocol/ecs-error.ts';
import type { Operation, OperationContext } from './context.ts';

export const describeServiceRevisions: Operation<DescribeServiceRevisionsRequest, DescribeServiceRevisionsResponse> = (
  context,
  input,
) => {
  const arns = input.serviceRevisionArns ?? [];
  if (arns.length === 0) throw invalid('serviceRevisionArns cannot be empty.');
  const serviceRevisions: ServiceRevision[] = [];
  const failures = [];
  for (const arn of arns) {
    const found = find(context, arn);
    if (found === undefined) failures.push({ arn, reason: 'MISSING' });
    else serviceRevisions.push(view(...found));
  }
  return { serviceRevisions, failures };
};

function find({ world }: OperationContext, arn: string): [ServiceRecord, DeploymentRecord] | undefined {
  for (const service of world.services()) {
    const record = service.serviceDeployments.find(({ deployment }) => deployment.revisionArn === arn);
    if (record !== undefined) return [service, record.deployment];
  }
  return undefined;
}

function view(service: ServiceRecord, { revisionArn, taskDefinition, createdAt }: DeploymentRecord): ServiceRevision {
  const { launchType, loadBalancers, networkConfiguration, platformVersion, serviceRegistries } = service.settings;
  return {
    serviceRevisionArn: revisionArn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: taskDefinition.arn,
    launchType,
    platformVersion,
    loadBalancers,
    serviceRegistries,
    networkConfiguration,
    containerImages: taskDefinition.containers.map(({ name, image }) => ({ containerName: name, image })),
    guardDutyEnabled: false,
    createdAt,
  };
}
