import type { Finding } from '../../controller/evidence/finding.ts';
import { isDefined } from '../lib/reading.ts';
import { findingOf, type Told } from './finding.ts';
import { rolloutState, stalledCondition, unavailableSince } from './rollout.ts';
import type { Snapshot } from './snapshot.ts';

/** What the Deployment itself says: pods that are missing or cannot be made, a rollout that stands still or is held. */
export function deploymentFindings(snapshot: Snapshot): readonly Finding[] {
  const told = [podsMissing(snapshot), scaledDown(snapshot), stalled(snapshot), notCreated(snapshot), paused(snapshot)];
  return told.filter(isDefined).map((one) => findingOf(snapshot, one));
}

/** Fewer pods are available than are wanted; while a rollout goes on with nothing failing that is ordinary. */
function podsMissing({ deployment, pods, events }: Snapshot): Told | undefined {
  const { desired, available } = deployment;
  if (available >= desired) return undefined;
  const ordinary = rolloutState(deployment).state === 'Progressing' && !events.some(({ type }) => type === 'Warning');
  const since = unavailableSince(deployment);
  return {
    reason: 'PodsMissing',
    subject: 'deployment',
    severity: ordinary ? 'Info' : available === 0 ? 'Critical' : 'Warning',
    summary: `${available} of ${desired} pods are available; ${pods.length} of the newest revision exist`,
    since: since?.toISOString(),
    value: available,
    threshold: desired,
    unit: 'pods',
    read: 'deployments',
    facts: { desired, available, existing: pods.length },
  };
}

/** Somebody or something wants fewer pods than the map says that there have to be. */
function scaledDown({ deployment, minReplicas, events }: Snapshot): Told | undefined {
  const { desired } = deployment;
  if (desired >= minReplicas) return undefined;
  const scaling = events.findLast(({ reason }) => reason === 'ScalingReplicaSet');
  return {
    reason: 'ScaledBelowMinimum',
    subject: 'deployment',
    severity: desired === 0 ? 'Critical' : 'Warning',
    summary: `${desired} pods are wanted, and at least ${minReplicas} have to be`,
    since: scaling?.lastAt?.toISOString(),
    value: desired,
    threshold: minReplicas,
    unit: 'pods',
    read: 'deployments',
    facts: { desired, minReplicas, before: countBefore(scaling?.message) },
  };
}

/** `Scaled down replica set shop-1 from 3 to 0`: what the deployment controller writes. */
function countBefore(message: string | undefined): number | null {
  const before = /\bfrom (\d+) to \d+$/.exec(message ?? '')?.[1];
  return before === undefined ? null : Number(before);
}

function stalled({ deployment, revisions }: Snapshot): Told | undefined {
  const condition = stalledCondition(deployment);
  if (condition === undefined) return undefined;
  return {
    reason: 'RolloutStalled',
    subject: revisions[0]?.name ?? deployment.name,
    severity: 'Warning',
    summary: `the rollout of revision ${deployment.revision} has made no progress within its deadline: ${condition.message}`,
    since: condition.since?.toISOString(),
    value: deployment.updated,
    threshold: deployment.desired,
    unit: 'updated pods',
    read: 'deployments',
    facts: { replicaSet: revisions[0]?.name ?? null, revision: deployment.revision },
  };
}

/** Pods that the API does not let be made: a quota is used up, or an admission policy says no. */
function notCreated({ deployment }: Snapshot): Told | undefined {
  const failure = deployment.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure === undefined) return undefined;
  const byQuota = failure.message.includes('exceeded quota');
  return {
    reason: byQuota ? 'QuotaExceeded' : 'PodsRefused',
    subject: 'deployment',
    severity: deployment.available === 0 ? 'Critical' : 'Warning',
    summary: `pods are not created: ${failure.message}`,
    since: failure.since?.toISOString(),
    value: deployment.total,
    threshold: deployment.desired,
    unit: 'pods',
    read: 'deployments',
    facts: { reason: failure.message.slice(0, 400), revision: deployment.revision },
  };
}

function paused({ deployment }: Snapshot): Told | undefined {
  if (!deployment.paused) return undefined;
  return {
    reason: 'RolloutPaused',
    subject: 'deployment',
    severity: 'Info',
    summary: 'the Deployment is paused: a change of its template is not rolled out',
    since: deployment.conditions.find(({ reason }) => reason === 'DeploymentPaused')?.since?.toISOString(),
    value: 1,
    threshold: 0,
    unit: 'paused rollouts',
    read: 'deployments',
  };
}
