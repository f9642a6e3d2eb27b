import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { inject } from 'vitest';
import { approvalResource } from '../../../controller/api/generated/approval.ts';
import { debugSessionResource } from '../../../controller/api/generated/debug-session.ts';
import { serviceTopologyResource } from '../../../controller/api/generated/service-topology.ts';
import type { Approval, DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import { ApiError } from '../../../controller/kube/errors.ts';
import type { Draft } from '../../../controller/kube/object.ts';
import { forever } from '../../helpers/kube-things.ts';
import { attachControlPlane, type ClusterAccess } from '../../lab/cluster/access.ts';
import { until } from '../../lab/parts/process.ts';

const root = join(import.meta.dirname, '../../..');
const group = 'rbac.authorization.k8s.io';

/** A way to the API server as one user. */
export interface As {
  readonly kubeconfig: string;
  readonly client: KubeClient;
}

/** The product's CRDs, policies and roles on the shared control plane, in a namespace of one's own. */
export interface Installed {
  readonly cluster: ClusterAccess;
  readonly namespace: string;
  /** A member of system:masters. */
  readonly admin: As;
  /** The operator's ServiceAccount. */
  readonly operator: As;
  /** Asks for sessions. */
  readonly dana: As;
  /** Decides approvals. */
  readonly riley: As;
  /** May change approvals, without the verb approve. */
  readonly sam: As;
  /** A ServiceAccount with the approvers' role. */
  readonly robot: As;
  close(): Promise<void>;
}

export async function install(namespace: string): Promise<Installed> {
  const cluster = await attachControlPlane(inject('controlPlaneDir'));
  await cluster.apply(join(root, 'crds'));
  await cluster.apply(join(root, 'manifests/base/access'));
  await cluster.apply(
    objectsOf(namespace)
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
  const paths = {
    admin: cluster.kubeconfigPath,
    operator: await cluster.serviceAccountKubeconfig('threehops-system', 'threehops'),
    dana: await cluster.addUser('dana'),
    riley: await cluster.addUser('riley'),
    sam: await cluster.addUser('sam'),
    robot: await cluster.serviceAccountKubeconfig(namespace, 'robot'),
  };
  const people = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, { kubeconfig: path, client: new KubeClient(configOf(path)) }]),
  ) as unknown as Record<keyof typeof paths, As>;
  await until('the roles to count', async () => {
    const asked = ['auth', 'can-i', 'approve', 'approvals.threehops.dev', '-n', namespace];
    return (await cluster.kubectl(asked, { kubeconfig: paths.riley })).code === 0 ? true : undefined;
  });
  return {
    cluster,
    namespace,
    ...people,
    async close() {
      for (const { client } of Object.values(people)) await client.close();
    },
  };
}

export function configOf(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}

function objectsOf(namespace: string): readonly object[] {
  const user = (name: string): object => ({ kind: 'User', name, apiGroup: group });
  const robot = { kind: 'ServiceAccount', name: 'robot', namespace };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace } },
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: { name: 'editor', namespace },
      rules: [{ apiGroups: ['threehops.dev'], resources: ['*'], verbs: ['get', 'list', 'create', 'update', 'patch'] }],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: { name: 'secret-reader', namespace },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    },
    binding(namespace, 'ClusterRole/threehops-author', [user('dana'), user('riley')]),
    binding(namespace, 'ClusterRole/threehops-approver', [user('riley'), robot]),
    binding(namespace, 'Role/editor', [user('sam'), user('dana')]),
    binding(namespace, 'Role/secret-reader', [
      { kind: 'ServiceAccount', name: 'threehops', namespace: 'threehops-system' },
    ]),
  ];
}

function binding(namespace: string, role: string, subjects: readonly object[]): object {
  const [kind, name] = role.split('/');
  return {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind, name },
    subjects,
  };
}

export const sessionsOf = ({ client }: As) => client.resource<DebugSession>(debugSessionResource);
export const approvalsOf = ({ client }: As) => client.resource<Approval>(approvalResource);
export const mapsOf = ({ client }: As) => client.resource<ServiceTopology>(serviceTopologyResource);

/** The API server's answer to something that must be refused. */
export async function refusal(
  attempt: Promise<unknown>,
): Promise<{ readonly status: number; readonly message: string }> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, message: error.message };
    throw error;
  }
  throw new Error('it was let through');
}

export function question(namespace: string, name: string, spec: Partial<Approval['spec']> = {}): Draft<Approval> {
  return {
    metadata: { name, namespace },
    spec: {
      sessionRef: { name: 'session', uid: 'uid' },
      requester: 'dana',
      gate: 'RiskyAction',
      actionDigest: 'a'.repeat(64),
      summary: 'May it?',
      risk: 'High',
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      ...spec,
    },
  };
}

export function sessionDraft(
  namespace: string,
  name: string,
  spec: Partial<DebugSession['spec']> = {},
): Draft<DebugSession> {
  // The API server fills the defaults in.
  const asked = { topologyRef: { name: 'map' }, createdBy: 'dana', ...spec } as DebugSession['spec'];
  return { metadata: { name, namespace }, spec: asked };
}

export { forever };
