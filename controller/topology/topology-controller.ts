import { serviceTopologyResource } from '../api/generated/service-topology.ts';
import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeClient } from '../kube/client.ts';
import { setReadiness, type Readiness } from '../kube/conditions.ts';
import { Controller, type Reconcile } from '../kube/controller.ts';
import type { Informer } from '../kube/informer.ts';
import { keyOf as storeKey, requestFor } from '../kube/object.ts';
import type { Log, Metrics } from '../kube/observe.ts';
import type { Resource } from '../kube/resource.ts';
import type { Skill } from '../../skills/skill.ts';
import { entriesOf, referenceOf } from './references.ts';
import { resolveGraph } from './resolve.ts';
import type { ResolvedGraph, TopologySource } from './resolved.ts';
import { sessionsOf } from './sessions-of.ts';

export const serviceTopologies: Resource<ServiceTopology> = serviceTopologyResource;

type Status = NonNullable<ServiceTopology['status']>;

/** Index of maps by those that they refer to, `<namespace>/<name>`. */
export function referencedKeys(topology: ServiceTopology): readonly string[] {
  return entriesOf(topology).flatMap(([, node]) => {
    const reference = referenceOf(topology, node);
    return reference === undefined ? [] : [`${reference.namespace}/${reference.name}`];
  });
}

/** The operator's cache as the place where maps are found; needs the index `references`. */
export function cachedTopologies(informer: Informer<ServiceTopology>): TopologySource {
  return {
    get: (namespace, name) => informer.store.get({ namespace, name }),
    referrers: (namespace, name) => informer.store.byIndex('references', `${namespace}/${name}`),
  };
}

export interface TopologyControllerOptions {
  readonly client: KubeClient;
  readonly informer: Informer<ServiceTopology>;
  readonly sessions: Informer<DebugSession>;
  readonly skills: ReadonlyMap<string, Skill>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Tells of each map what it resolves to, what its nodes lack, and how they were when last looked at. */
export function topologyController(options: TopologyControllerOptions): Controller {
  const { client, informer, sessions, skills, clock, log, metrics } = options;
  const api = client.resource(serviceTopologies);
  const source = cachedTopologies(informer);
  const reconcile: Reconcile = async (request, signal) => {
    const topology = informer.store.get(request);
    if (topology === undefined) return {};
    const resolved = resolveGraph(topology, source, skills);
    const status = statusOf(topology, resolved, lastSweep(topology, sessions), clock.now());
    if (JSON.stringify(status) !== JSON.stringify(topology.status)) {
      await api.replaceStatus({ ...topology, status }, signal);
    }
    return {};
  };
  const controller = new Controller({ name: 'servicetopology', reconcile, clock, workers: 2, log, metrics });
  informer.onChange((change) => {
    controller.queue.add(requestFor(change.object));
    for (const other of informer.store.byIndex('references', storeKey(change.object)))
      controller.queue.add(requestFor(other));
    for (const key of referencedKeys(change.object)) {
      const [namespace = '', name = ''] = key.split('/');
      controller.queue.add({ namespace, name });
    }
  });
  sessions.onChange(({ object }) => {
    if (object.status?.phase === 'Diagnosing') {
      controller.queue.add({ namespace: object.metadata.namespace, name: object.spec.topologyRef.name });
    }
  });
  return controller;
}

interface Sweep {
  readonly at: string;
  readonly health: ReadonlyMap<string, 'Healthy' | 'Degraded' | 'Failing' | 'Unknown'>;
}

function lastSweep(topology: ServiceTopology, sessions: Informer<DebugSession>): Sweep | undefined {
  const swept = sessionsOf(storeKey(topology), sessions.store)
    .filter((session) => session.status?.sweep?.endedAt !== undefined)
    .toSorted((a, b) => (b.status?.sweep?.endedAt ?? '').localeCompare(a.status?.sweep?.endedAt ?? ''))[0];
  const sweep = swept?.status?.sweep;
  if (sweep?.endedAt === undefined) return undefined;
  return { at: sweep.endedAt, health: new Map((sweep.nodes ?? []).map((node) => [node.node, node.health])) };
}

function statusOf(topology: ServiceTopology, resolved: ResolvedGraph, sweep: Sweep | undefined, now: Date): Status {
  const { generation } = topology.metadata;
  const nodes = entriesOf(topology)
    .slice(0, 180)
    .map(([role, node]) => {
      const id = `${topology.spec.service}/${node.name}`;
      const gap = resolved.gaps.find((candidate) => candidate.node === id);
      const health = sweep?.health.get(id);
      return {
        name: node.name,
        role,
        skill: node.skill,
        ...(health === undefined || sweep === undefined ? {} : { health, lastSweepAt: sweep.at }),
        ...(gap === undefined ? {} : { problem: `${gap.what}: ${gap.reason}`.slice(0, 500) }),
      };
    });
  const conditions = setReadiness(topology.status?.conditions, readiness(nodes), generation, now);
  return { observedGeneration: generation, nodeCount: resolved.graph.nodes.length, nodes, conditions: [...conditions] };
}

function readiness(nodes: readonly { readonly name: string; readonly problem?: string }[]): Readiness {
  const bad = nodes.filter((node) => node.problem !== undefined);
  if (bad.length === 0)
    return { state: 'Ready', reason: 'Resolved', message: `${nodes.length} nodes can be looked at` };
  const message = bad
    .map((node) => `node ${node.name}: ${node.problem}`)
    .join('; ')
    .slice(0, 2000);
  return { state: 'Stalled', reason: 'NodesIncomplete', message };
}
