import type { Gap } from '../../controller/evidence/finding.ts';
import type { JsonObject } from '../../controller/api/json.ts';
import { GapList } from '../lib/gaps.ts';
import { textOf } from '../lib/reading.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { getDeployment, type Listed, listObjects, listPods, listRevisions, type Target, targetOf } from './api.ts';
import { lastWords } from './last-words.ts';
import type { Deployment, KubeEvent, Pod, Revision } from './model.ts';
import { limitsOf } from './parameters.ts';
import { eventOf } from './parse-pod.ts';

/** All that one look at a Deployment read; what the findings and changes are computed from. */
export interface Snapshot {
  readonly node: string;
  readonly target: Target;
  readonly window: Window;
  readonly minReplicas: number;
  /** The Service that the map names. */
  readonly service: string | undefined;
  readonly deployment: Deployment;
  /** Newest first. */
  readonly revisions: readonly Revision[];
  /** Of the newest revision; those of older ones are on their way out. */
  readonly pods: readonly Pod[];
  /** Of a program that ends by itself, from its log; undefined where its pod keeps them, or none does. */
  readonly lastWords: string | undefined;
  /** Of the Deployment; the warnings of these pods and of the newest ReplicaSet too. */
  readonly events: readonly KubeEvent[];
  readonly services: readonly JsonObject[];
  /** Undefined where they could not be listed: then nothing is known of who is reached. */
  readonly slices: readonly JsonObject[] | undefined;
  readonly quotas: readonly JsonObject[];
  readonly autoscalers: readonly JsonObject[];
  readonly policies: readonly JsonObject[];
  readonly gaps: readonly Gap[];
}

/** @throws when the Deployment cannot be read: then nothing is known of it */
export async function takeSnapshot(context: ProbeContext): Promise<Snapshot> {
  const { node, tools, window, signal } = context;
  const target = targetOf(node.with);
  const gaps = new GapList(node.id, signal);
  const deployment = await getDeployment(tools, target, signal);
  const list = (what: string, listed: Listed): Promise<readonly JsonObject[]> =>
    gaps.orGap(what, listObjects(tools, target, listed, signal), []);
  const [revisions, pods, warnings, scalings, services, slices, quotas, autoscalers, policies] = await Promise.all([
    gaps.orGap('revisions', listRevisions(tools, target, deployment, signal), []),
    gaps.orGap('pods', listPods(tools, target, deployment, signal), []),
    list('warnings', { ...event, fieldSelector: 'type=Warning' }),
    list('events of the Deployment', { ...event, fieldSelector: ordinaryOf(deployment) }),
    list('services', { apiVersion: 'v1', kind: 'Service' }),
    gaps.orGap('endpoints', listObjects(tools, target, endpointSlices, signal), undefined),
    list('quotas', { apiVersion: 'v1', kind: 'ResourceQuota' }),
    list('autoscalers', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' }),
    list('network policies', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }),
  ]);
  const own = podsOf(pods, revisions);
  return {
    node: node.id,
    target,
    window,
    minReplicas: limitsOf(node.with).minReplicas,
    service: textOf(node.with['service']),
    deployment,
    revisions,
    pods: own,
    lastWords: await lastWords(context, target, own, gaps),
    events: eventsOf(
      [...warnings, ...scalings],
      [
        `Deployment/${deployment.name}`,
        `ReplicaSet/${revisions[0]?.name ?? ''}`,
        ...own.map(({ name }) => `Pod/${name}`),
      ],
    ),
    services,
    slices,
    quotas,
    autoscalers,
    policies,
    gaps: gaps.list(),
  };
}

const event: Listed = { apiVersion: 'v1', kind: 'Event' };
const endpointSlices: Listed = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

function ordinaryOf({ name }: Deployment): string {
  return `type!=Warning,involvedObject.kind=Deployment,involvedObject.name=${name}`;
}

function podsOf(pods: readonly Pod[], revisions: readonly Revision[]): readonly Pod[] {
  return pods
    .filter(({ replicaSet }) => replicaSet === revisions[0]?.name)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function eventsOf(events: readonly JsonObject[], objects: readonly string[]): readonly KubeEvent[] {
  return events
    .map(eventOf)
    .filter(({ object }) => objects.includes(object))
    .toSorted(
      (a, b) => (a.lastAt?.getTime() ?? 0) - (b.lastAt?.getTime() ?? 0) || a.object.localeCompare(b.object, 'en'),
    );
}
