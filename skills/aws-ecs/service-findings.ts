import type { Finding } from '../../controller/evidence/finding.ts';
import { byCircuitBreaker, deploymentFacts, failedInWindow, primaryOf } from '../lib/ecs/deployment.ts';
import { findingOf, type Told } from '../lib/ecs/finding.ts';
import type { EcsDeployment, EcsService } from '../lib/ecs/model.ts';
import { revisionOf, shortName } from '../lib/ecs/names.ts';
import { isDefined } from '../lib/reading.ts';
import { within } from '../lib/time.ts';
import type { EcsSnapshot } from './snapshot.ts';

/** What the service itself says: rollouts that failed or go on, tasks that are missing or unhealthy. */
export function serviceFindings(snapshot: EcsSnapshot): readonly Finding[] {
  const told = [
    ...snapshot.service.deployments.map((one) => failedRollout(one, snapshot)),
    forgottenRollout(snapshot),
    rolloutInProgress(snapshot),
    tasksMissing(snapshot),
    scaledDown(snapshot),
    unhealthyTasks(snapshot),
  ];
  return told.filter(isDefined).map((one) => findingOf('aws-ecs', one, snapshot));
}

function failedRollout(deployment: EcsDeployment, { window }: EcsSnapshot): Told | undefined {
  if (deployment.rolloutState !== 'FAILED' || !within(deployment.updatedAt ?? deployment.createdAt, window))
    return undefined;
  const revision = shortName(deployment.taskDefinition);
  const why = deployment.rolloutReason === undefined ? '' : `: ${deployment.rolloutReason}`;
  return {
    reason: byCircuitBreaker(deployment) ? 'CircuitBreakerTripped' : 'RolloutFailed',
    subject: revision,
    severity: 'Critical',
    summary: `the rollout of ${revision} failed${why}`,
    since: deployment.updatedAt ?? deployment.createdAt,
    value: deployment.failedTasks,
    threshold: 0,
    unit: 'failed tasks',
    facts: deploymentFacts(deployment),
  };
}

/** ECS lists a failed deployment only until it has gone back from it; the event stays, and so do its tasks for a while. */
function forgottenRollout({ service, window, failures }: EcsSnapshot): Told | undefined {
  const [failed] = failedInWindow(service, window);
  if (
    failed === undefined ||
    service.deployments.some(({ id, rolloutState }) => id === failed.id && rolloutState === 'FAILED')
  ) {
    return undefined;
  }
  const taskDefinition = failures.find(({ task }) => task.startedBy === failed.id)?.task.taskDefinition;
  const what = taskDefinition === undefined ? failed.id : shortName(taskDefinition);
  return {
    reason: 'CircuitBreakerTripped',
    subject: what,
    severity: 'Critical',
    summary: `the rollout of ${what} failed, and ${shortName(service.taskDefinition)} runs again`,
    since: failed.at,
    facts: {
      deployment: failed.id,
      taskDefinition: taskDefinition ?? null,
      revision: taskDefinition === undefined ? null : revisionOf(taskDefinition).revision,
      rolloutState: 'FAILED',
    },
  };
}

function rolloutInProgress({ service }: EcsSnapshot): Told | undefined {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS') return undefined;
  return {
    reason: 'RolloutInProgress',
    subject: primary.id,
    severity: 'Info',
    summary: `${shortName(primary.taskDefinition)} is being rolled out: ${primary.running} of ${primary.desired} tasks run`,
    since: primary.createdAt,
    value: primary.running,
    threshold: primary.desired,
    unit: 'tasks',
    facts: deploymentFacts(primary),
  };
}

/** Nothing has failed, and tasks are missing for a rollout or because more are wanted than were. */
function onTheirWay({ service, failures }: EcsSnapshot): boolean {
  if (failures.length > 0 || (primaryOf(service)?.failedTasks ?? 0) > 0) return false;
  const scalesOut = service.running > 0 && service.running + service.pending >= service.desired;
  return scalesOut || primaryOf(service)?.rolloutState === 'IN_PROGRESS';
}

function rolloutBegan(service: EcsService): Date | undefined {
  const primary = primaryOf(service);
  return primary?.rolloutState === 'IN_PROGRESS' ? primary.createdAt : undefined;
}

/** Fewer tasks run than are wanted; while a rollout or scaling out goes on without failures that is ordinary. */
function tasksMissing(snapshot: EcsSnapshot): Told | undefined {
  const { service, failures } = snapshot;
  if (service.running >= service.desired) return undefined;
  const ordinary = onTheirWay(snapshot);
  return {
    reason: 'TasksMissing',
    subject: 'service',
    severity: ordinary ? 'Info' : service.running === 0 ? 'Critical' : 'Warning',
    summary: `${service.running} of ${service.desired} tasks run, ${service.pending} are pending`,
    since: failures[0]?.task.stoppedAt ?? (ordinary ? rolloutBegan(service) : undefined),
    value: service.running,
    threshold: service.desired,
    unit: 'tasks',
    facts: {
      desired: service.desired,
      running: service.running,
      pending: service.pending,
      events: service.events.slice(0, 5).map(({ message }) => message.slice(0, 300)),
    },
  };
}

/** Somebody or something wants fewer tasks than the map says that there have to be. */
function scaledDown({ service, minTasks }: EcsSnapshot): Told | undefined {
  const { desired, events } = service;
  if (desired >= minTasks) return undefined;
  return {
    reason: 'ScaledBelowMinimum',
    subject: 'service',
    severity: desired === 0 ? 'Critical' : 'Warning',
    summary: `${desired} tasks are wanted, and at least ${minTasks} have to be`,
    value: desired,
    threshold: minTasks,
    unit: 'tasks',
    facts: { desired, minTasks, events: events.slice(0, 5).map(({ message }) => message.slice(0, 300)) },
  };
}

function unhealthyTasks({ tasks }: EcsSnapshot): Told | undefined {
  const unhealthy = tasks.filter((task) => task.healthStatus === 'UNHEALTHY');
  const [first] = unhealthy;
  if (first === undefined) return undefined;
  return {
    reason: 'HealthCheckFailed',
    subject: 'running',
    severity: 'Critical',
    summary: `${unhealthy.length} of ${tasks.length} running tasks fail their health check`,
    value: unhealthy.length,
    threshold: 0,
    unit: 'tasks',
    facts: {
      taskDefinition: first.taskDefinition,
      revision: revisionOf(first.taskDefinition).revision,
      count: unhealthy.length,
      tasks: unhealthy.slice(0, 5).map(({ arn }) => shortName(arn)),
    },
  };
}
