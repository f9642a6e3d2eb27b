import { serviceTopologyResource } from '../api/generated/service-topology.ts';
import type { DebugSession, DeclaredSkill, ServiceTopology } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { Clock } from '../kube/clock.ts';
import { findCondition } from '../kube/conditions.ts';
import type { KubeClient } from '../kube/client.ts';
import { Controller, type Reconcile } from '../kube/controller.ts';
import type { Informer } from '../kube/informer.ts';
import { keyOf as storeKey, requestFor } from '../kube/object.ts';
import type { Log, Metrics } from '../kube/observe.ts';
import type { Resource } from '../kube/resource.ts';
import type { Change } from '../kube/store.ts';
import { entriesOf, referenceOf } from './references.ts';
import { resolveGraph } from './resolve.ts';
import { drifted, topologyStatus, type LastSweep } from './topology-status.ts';
import type { SkillSource, TopologySource } from './resolved.ts';
import { sessionsOf } from './sessions-of.ts';

export const serviceTopologies: Resource<ServiceTopology> = serviceTopologyResource;

/** Index of maps by those that they refer to, `<namespace>/<name>`. */
export function referencedKeys(topology: ServiceTopology): readonly string[] {
  return entriesOf(topology).flatMap(([, node]) => {
    const reference = referenceOf(topology, node);
    return reference === undefined ? [] : [`${reference.namespace}/${reference.name}`];
  });
}

/** Index of maps by the skills that their nodes name, `<namespace>/<skill>`. */
export function skillKeys(topology: ServiceTopology): readonly string[] {
  const { namespace } = topology.metadata;
  return [...new Set(entriesOf(topology).map(([, { skill }]) => `${namespace}/${skill}`))];
}

/** The operator's cache as the place where maps are found; needs the index `references`. */
export function cachedTopologies(informer: Informer<ServiceTopology>): TopologySource {
  return {
    get: (namespace, name) => informer.store.get({ namespace, name }),
    referrers: (namespace, name) => informer.store.byIndex('references', `${namespace}/${name}`),
  };
}

/** Each sweep writes how the nodes are into its map's status: nobody waits for that. */
export function isStatusAlone(change: Change<ServiceTopology>): boolean {
  return change.type === 'updated' && change.object.metadata.generation === change.replaced.metadata.generation;
}

/** Records an event about a map. */
export type Announce = (
  topology: ServiceTopology,
  said: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
) => void;

export interface TopologyControllerOptions {
  readonly client: KubeClient;
  readonly informer: Informer<ServiceTopology>;
  readonly sessions: Informer<DebugSession>;
  readonly declaredSkills: Pick<Informer<DeclaredSkill>, 'onChange'>;
  readonly skills: SkillSource;
  readonly announce: Announce;
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
    const status = topologyStatus(topology, resolved, lastSweep(topology, sessions), clock.now());
    if (canonicalJson(status) !== canonicalJson(topology.status ?? null)) {
      const written = await api.replaceStatus({ ...topology, status }, signal);
      tellDrift(topology, written, options.announce);
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
  options.declaredSkills.onChange(({ object }) => {
    for (const map of informer.store.byIndex('skills', storeKey(object))) controller.queue.add(requestFor(map));
  });
  return controller;
}

/** Once for each thing that is new to say. */
function tellDrift(before: ServiceTopology, after: ServiceTopology, announce: Announce): void {
  const [was, is] = [before, after].map(({ status }) => findCondition(status?.conditions, drifted));
  if (was?.message === is?.message) return;
  if (is !== undefined) announce(after, { type: 'Warning', reason: 'Drifted', message: is.message });
  else announce(after, { type: 'Normal', reason: 'DriftEnded', message: 'all that was seen is on a map' });
}

function lastSweep(topology: ServiceTopology, sessions: Informer<DebugSession>): LastSweep | undefined {
  const swept = sessionsOf(storeKey(topology), sessions.store)
    .filter((session) => session.status?.sweep?.endedAt !== undefined)
    .toSorted((a, b) => (b.status?.sweep?.endedAt ?? '').localeCompare(a.status?.sweep?.endedAt ?? ''))[0];
  const sweep = swept?.status?.sweep;
  if (sweep?.endedAt === undefined) return undefined;
  const { endedAt: at, nodes = [], undeclared = [] } = sweep;
  return { at, health: new Map(nodes.map((node) => [node.node, node.health])), undeclared };
}
