import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { DebugSession, ServiceTopology, TopologyNode } from '../../../controller/api/kinds.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { resource } from '../../../controller/kube/resource.ts';
import { startRecorder } from './recorder.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { until } from '../../lab/parts/process.ts';
import {
  configOf,
  forever,
  install,
  mapsOf,
  sessionDraft,
  sessionsOf,
  type As,
  type Installed,
} from '../session/installed.ts';
import { startOperator, type RunningOperator } from '../session/running-operator.ts';

const group = 'rbac.authorization.k8s.io';
export const secrets = resource<KubeObject>('', 'v1', 'secrets', 'Secret');

/** Where the tenants' servers are, by the operator's configuration; the API server is at another address of loopback. */
export const reachable = '127.0.0.2';

/** Two namespaces with authors of their own, and one operator that works for both. */
export interface Tenants {
  readonly on: Installed;
  readonly victim: string;
  readonly attacker: string;
  /** An author in the attacker's namespace, and nothing anywhere else. */
  readonly mallory: As;
  readonly proxy: FaultProxy;
  /** Addresses that this process has tried to connect to, `host:port`. */
  readonly dialled: readonly string[];
  /** A Secret that may be used, for those hosts. */
  secret(namespace: string, name: string, data: Readonly<Record<string, string>>, hosts: string): Promise<void>;
  /** A session of somebody's own on a map of his own, until it ends. */
  diagnose(who: As, namespace: string, spec: Partial<ServiceTopology['spec']>): Promise<DebugSession>;
  close(): Promise<void>;
}

export interface TenantOptions {
  /** Goes below the operator's configuration. */
  readonly config?: string;
  /** What is to be there before the operator is. */
  readonly before?: (on: Installed) => Promise<unknown>;
}

export async function twoTenants(name: string, { config = '', before }: TenantOptions = {}): Promise<Tenants> {
  const victim = `${name}-victim`;
  const attacker = `${name}-attacker`;
  const on = await install(victim);
  await on.cluster.apply(
    objectsOf(attacker)
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
  const path = await on.cluster.addUser(`mallory-${name}`);
  const mallory = { kubeconfig: path, client: new KubeClient(configOf(path)) };
  await on.cluster.apply(JSON.stringify(binding(attacker, 'threehops-author', `mallory-${name}`)) + '\n');
  await until('the author to be one', async () => {
    const asked = ['auth', 'can-i', 'create', 'servicetopologies.threehops.dev', '-n', attacker];
    return (await on.cluster.kubectl(asked, { kubeconfig: path })).code === 0 ? true : undefined;
  });
  const proxy = await FaultProxy.start({ target: configOf(on.operator.kubeconfig) });
  const dialled: string[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.on('connectionAttempt', (address: string, port: number) => dialled.push(`${address}:${port}`));
  };
  subscribe('net.client.socket', onSocket);
  const neutral = await startRecorder(reachable);
  await before?.(on);
  const operator: RunningOperator = startOperator(proxy, `allow: {cidrs: [${reachable}/32]}\n${config}`);
  let made = 0;
  return {
    on,
    victim,
    attacker,
    mallory,
    proxy,
    dialled,
    async secret(namespace, secretName, data, hosts) {
      const metadata = {
        name: secretName,
        namespace,
        labels: { 'threehops.dev/use': 'true' },
        annotations: { 'threehops.dev/allowed-hosts': hosts },
      };
      await on.admin.client.resource(secrets).create({ metadata, stringData: data } as never, forever);
    },
    async diagnose(who, namespace, spec) {
      made += 1;
      const key = { namespace, name: `attempt-${made}` };
      const verify = { stabilizationSeconds: 1, maxErrorsPerMillion: 10_000 };
      // A session that sees nothing at all looks again and again: this one is always seen.
      const upstream = [page('caller', `${neutral.url}/caller`)];
      await mapsOf(who).create({ metadata: key, spec: { service: key.name, verify, upstream, ...spec } }, forever);
      const createdBy = who === mallory ? `mallory-${name}` : 'dana';
      const asked = { topologyRef: { name: key.name }, mode: 'Diagnose', createdBy } as const;
      await sessionsOf(who).create(sessionDraft(namespace, key.name, asked), forever);
      return ended(on, key);
    },
    async close() {
      await operator.stop();
      unsubscribe('net.client.socket', onSocket);
      await proxy.stop();
      await neutral.stop();
      await mallory.client.close();
      await on.close();
    },
  };
}

/** A session as it is at its end; says how far it has come where there is none. */
async function ended(on: Installed, key: { readonly namespace: string; readonly name: string }): Promise<DebugSession> {
  let last: DebugSession | undefined;
  const end = async (): Promise<DebugSession | undefined> => {
    last = await sessionsOf(on.admin).get(key, forever);
    return last.status?.completedAt === undefined ? undefined : last;
  };
  return until(`the end of ${key.name}`, end, 45_000).catch((cause: unknown) => {
    const { phase, conditions } = last?.status ?? {};
    throw new Error(`${key.name} is ${phase}: ${JSON.stringify(conditions)}`, { cause });
  });
}

/** What the last sweep said of a node. */
export function nodeOf({ status }: DebugSession, name: string) {
  return status?.sweep?.nodes?.find(({ node }) => node.endsWith(`/${name}`));
}

export function page(name: string, url: string, more: Partial<TopologyNode> = {}): TopologyNode {
  return {
    name,
    type: 'http',
    skill: 'http-health',
    with: { url, samples: 2, intervalMs: 50, timeoutMs: 500 },
    ...more,
  };
}

/** A node whose skill shows the Secret's token to the URL. */
export function prometheus(url: string): TopologyNode {
  const queries = [{ name: 'up', query: 'up', aspect: 'Availability', worse: 'Down' }];
  return { name: 'prometheus', type: 'metrics', skill: 'prometheus', with: { url, queries } } as TopologyNode;
}

function objectsOf(namespace: string): readonly object[] {
  const reader = { kind: 'ServiceAccount', name: 'threehops', namespace: 'threehops-system' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: { name: 'secret-reader', namespace },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'secret-reader', namespace },
      roleRef: { apiGroup: group, kind: 'Role', name: 'secret-reader' },
      subjects: [reader],
    },
  ];
}

function binding(namespace: string, role: string, user: string): object {
  return {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'User', name: user, apiGroup: group }],
  };
}
