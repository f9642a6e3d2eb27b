import { fileURLToPath } from 'node:url';
import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import type { KubeClient } from '../../../controller/kube/client.ts';
import type { Draft } from '../../../controller/kube/object.ts';
import { collectionPath, resource } from '../../../controller/kube/resource.ts';
import { debugSessions } from '../../../controller/session/stores/session-store.ts';
import { serviceTopologies } from '../../../controller/topology/topology-controller.ts';
import type { ClusterAccess } from '../../lab/cluster/access.ts';
import { scenario, type ScenarioNode } from './scenario.ts';

const namespaces = resource('', 'v1', 'namespaces', 'Namespace', 'Cluster');
const apiVersion = 'threehops.dev/v1alpha1';

export const namespace = 'bench';
export const sessionsPath: string = collectionPath(debugSessions, namespace);

/** Requests at once while the world is set up. */
const atOnce = 10;

/** What both operators watch. */
export async function installCrds(cluster: Pick<ClusterAccess, 'apply'>): Promise<void> {
  for (const name of ['debugsessions', 'servicetopologies', 'approvals', 'toolservers', 'skills']) {
    await cluster.apply(fileURLToPath(new URL(`../../../crds/threehops.dev_${name}.yaml`, import.meta.url)));
  }
}

/** The objects of the benchmark: a map for each session, since sessions of one map would fold into one. */
export class World {
  readonly client: KubeClient;

  constructor(client: KubeClient) {
    this.client = client;
  }

  async createMaps(count: number, signal: AbortSignal): Promise<void> {
    await this.client.resource(namespaces).create({ metadata: { name: namespace } }, signal);
    const maps = this.client.resource(serviceTopologies);
    await each(count, (number) => maps.create(mapOf(number), signal));
  }

  async createSessions(count: number, signal: AbortSignal): Promise<void> {
    const sessions = this.client.resource(debugSessions);
    await each(count, (number) => sessions.create(sessionOf(number), signal));
  }

  async sessions(signal: AbortSignal): Promise<readonly DebugSession[]> {
    return (await this.client.resource(debugSessions).list({ namespace }, signal)).items;
  }

  /** Nobody is there to let go of what it held: the finalizers are taken off first. */
  async deleteSessions(signal: AbortSignal): Promise<void> {
    const sessions = this.client.resource(debugSessions);
    const held = (await this.sessions(signal)).filter(({ metadata }) => (metadata.finalizers ?? []).length > 0);
    const free = { type: 'merge', body: { metadata: { finalizers: null } } } as const;
    await each(held.length, async (number) => {
      const { namespace: inside = namespace, name = '' } = held[number]?.metadata ?? {};
      await sessions.patch({ namespace: inside, name }, free, signal);
    });
    await this.client.raw({ method: 'DELETE', path: sessionsPath, signal, timeoutMs: 120_000 });
  }
}

async function each(count: number, work: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The same length for all, so that every session writes the same number of bytes. */
function serviceOf(number: number): string {
  return `${scenario.service}-${String(number).padStart(5, '0')}`;
}

function mapOf(number: number): Draft<ServiceTopology> {
  const service = serviceOf(number);
  const nodesOf = (role: ScenarioNode['role']) =>
    scenario.nodes
      .filter((node) => node.role === role)
      .map(({ name, type, skill }) => ({ name, type, skill, with: { service } }));
  return {
    apiVersion,
    kind: 'ServiceTopology',
    metadata: { namespace, name: service },
    spec: {
      service,
      self: nodesOf('self'),
      upstream: nodesOf('upstream'),
      downstream: nodesOf('downstream'),
      policy: { maxIterations: 5, actions: [scenario.fix.action], reportPath: 'docs/debugging/' },
    },
  };
}

function sessionOf(number: number): Draft<DebugSession> {
  return {
    apiVersion,
    kind: 'DebugSession',
    metadata: { namespace, name: `session-${String(number).padStart(5, '0')}` },
    spec: {
      topologyRef: { name: serviceOf(number) },
      symptom: { description: 'The gateway answers 5xx now and then since this morning' },
      mode: 'Fix',
      reasoner: 'Causal',
      createdBy: 'admin',
      suspend: false,
      cancel: false,
      grantIterations: 0,
    },
  };
}
