import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { earliest, secondsBetween } from '../lib/time.ts';
import { findingOf } from './finding.ts';
import type { KubeEvent } from './model.ts';
import { type FailureKind, failuresOf, type PodFailure } from './pod-failure.ts';
import type { Snapshot } from './snapshot.ts';

const mostWords = 400;
/** A container that has run for so much longer than its probes give it and is still not ready is not just starting. */
const startSeconds = 30;

/** One finding for each kind of failure of a container of the newest revision, however many pods show it. */
export function podFindings(snapshot: Snapshot): readonly Finding[] {
  const failures = snapshot.pods
    .flatMap((pod) => failuresOf(pod, snapshot.window))
    .filter((one) => !isStarting(one, snapshot));
  const groups = Map.groupBy(failures, ({ kind, container }) => `${kind}|${container?.name ?? ''}`);
  return [...groups.values()].map((group) => toFinding(group, snapshot));
}

function isStarting({ kind, container }: PodFailure, { window, deployment }: Snapshot): boolean {
  if (kind !== 'NotReady' || container?.startedAt === undefined) return false;
  const seconds = startSeconds + (deployment.template.startSeconds[container.name] ?? 0);
  return secondsBetween(container.startedAt, window.to) < seconds;
}

function toFinding(group: readonly PodFailure[], snapshot: Snapshot): Finding {
  const [first] = group as readonly [PodFailure, ...PodFailure[]];
  const { kind, container } = first;
  const events = eventsOf(group, snapshot);
  const reason = first.reason || unsaid(kind, snapshot, events);
  const revision = snapshot.revisions[0];
  return findingOf(snapshot, {
    reason: kind,
    subject: `${container?.name ?? 'pod'}@${revision?.name ?? snapshot.deployment.name}`,
    severity: isDown(group, snapshot) ? 'Critical' : 'Warning',
    summary: summaryOf(group, reason, snapshot),
    since: sinceOf(group, events),
    value: group.length,
    threshold: 0,
    unit: 'pods',
    read: 'pods',
    facts: {
      replicaSet: revision?.name ?? null,
      revision: revision?.revision ?? null,
      reason: reason.slice(0, mostWords),
      pods: group.slice(0, 5).map(({ pod }) => pod.name),
      ...containerFacts(first, group, snapshot),
    },
  });
}

/** What ended and is ready again takes no pod away. */
function isDown(group: readonly PodFailure[], { deployment }: Snapshot): boolean {
  return deployment.available === 0 && group.some(({ container }) => container?.ready !== true);
}

function containerFacts(first: PodFailure, group: readonly PodFailure[], { deployment }: Snapshot): JsonObject {
  const { container } = first;
  if (container === undefined) return {};
  const template = deployment.template.containers.find(({ name }) => name === container.name);
  return {
    container: container.name,
    image: template?.image ?? container.image,
    memory: template?.memory ?? null,
    exitCode: container.ended?.exitCode ?? null,
    restarts: group.reduce((sum, one) => sum + (one.container?.restarts ?? 0), 0),
    environmentNames: Object.keys(template?.environment ?? {}).slice(0, 100),
  };
}

function eventsOf(group: readonly PodFailure[], { events }: Snapshot): readonly KubeEvent[] {
  const names = new Set(group.map(({ pod }) => `Pod/${pod.name}`));
  return events.filter(({ type, object }) => type === 'Warning' && names.has(object));
}

/** What the pod itself does not hold: a failed probe says why nowhere but in its event, a program in its log. */
function unsaid(kind: FailureKind, { lastWords }: Snapshot, events: readonly KubeEvent[]): string {
  if (kind === 'CrashLoop') return lastWords ?? '';
  return kind === 'NotReady' ? (events.findLast(({ reason }) => reason === 'Unhealthy')?.message ?? '') : '';
}

/** The pod's own last end is its newest: the first warning about it is older. */
function sinceOf(group: readonly PodFailure[], events: readonly KubeEvent[]): string | undefined {
  const notReady = group.map(({ pod }) => pod.conditions.find(({ type }) => type === 'Ready')?.since);
  const ends = group.map(({ container }) => container?.ended?.finishedAt);
  return earliest([...events.map(({ firstAt }) => firstAt), ...notReady, ...ends]);
}

const verbs: Readonly<Record<FailureKind, string>> = {
  OutOfMemory: 'is killed for using more memory than its limit',
  CrashLoop: 'ends by itself again and again',
  ImagePullFailed: 'cannot be started, because its image cannot be pulled',
  StartFailed: 'cannot be started',
  NotReady: 'runs and does not become ready',
  Unschedulable: 'cannot be placed on a node',
};

function summaryOf(group: readonly PodFailure[], reason: string, { revisions, deployment }: Snapshot): string {
  const [{ kind, container }] = group as readonly [PodFailure, ...PodFailure[]];
  const restarts = group.reduce((sum, one) => sum + (one.container?.restarts ?? 0), 0);
  const template = deployment.template.containers.find(({ name }) => name === container?.name);
  const details = [
    `${group.length} of ${deployment.desired} pods`,
    ...(kind === 'ImagePullFailed' && template !== undefined ? [template.image] : []),
    ...(kind === 'OutOfMemory' && template?.memory !== undefined ? [`limit ${template.memory} MiB`] : []),
    ...(container?.ended === undefined ? [] : [`exit code ${container.ended.exitCode}`, `${restarts} restarts`]),
    ...(reason === '' ? [] : [reason]),
  ];
  const subject = container === undefined ? 'a pod' : `container ${container.name}`;
  return `${subject} of revision ${revisions[0]?.revision ?? deployment.revision} ${verbs[kind]} (${details.join(', ')})`;
}
