import type { Rollback, ServiceDeployment, ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import type { ServiceDeploymentRecord, ServiceRecord, TaskRecord } from './records.ts';
import { summarizeRevision } from './service-view.ts';

export function viewServiceDeployment(
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
  tasks: readonly TaskRecord[],
): ServiceDeployment {
  const { breaker } = record;
  return {
    ...dates(record),
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    updatedAt: record.updatedAt,
    sourceServiceRevisions: record.sources.map((source) => summarizeRevision(service, source, tasks)),
    targetServiceRevision: summarizeRevision(service, record.deployment, tasks),
    status: record.status,
    statusReason: record.statusReason,
    deploymentConfiguration: service.configuration,
    rollback: viewRollback(record),
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failures,
      threshold: breaker.threshold,
    },
  };
}

export function summarizeServiceDeployment(
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
): ServiceDeploymentBrief {
  return {
    ...dates(record),
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    targetServiceRevisionArn: record.deployment.revisionArn,
    status: record.status,
    statusReason: record.statusReason,
  };
}

function dates({ createdAt, startedAt, finishedAt }: ServiceDeploymentRecord) {
  return { createdAt, startedAt, finishedAt };
}

function viewRollback({ rollback }: ServiceDeploymentRecord): Rollback | undefined {
  if (rollback === undefined) return undefined;
  return {
    reason: rollback.reason,
    startedAt: rollback.startedAt,
    serviceRevisionArn: rollback.target.revisionArn,
  };
}
