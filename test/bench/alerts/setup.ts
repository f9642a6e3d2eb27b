import { fileURLToPath } from 'node:url';
import type { KubeClient } from '../../../controller/kube/client.ts';
import { serviceTopologies } from '../../../controller/topology/topology-controller.ts';
import type { ClusterAccess } from '../../lab/cluster/access.ts';
import { mapOf, type Service } from './fleet.ts';

const root = new URL('../../../', import.meta.url);
const group = 'rbac.authorization.k8s.io';
const senders = 'monitoring';
const atOnce = 10;

/** CRDs, policies and roles, as they are shipped. */
export async function installProduct(cluster: Pick<ClusterAccess, 'apply'>): Promise<void> {
  await cluster.apply(fileURLToPath(new URL('crds', root)));
  await cluster.apply(fileURLToPath(new URL('manifests/base/access', root)));
}

/** Namespaces that take alerts, as manifests/samples/alerts.yaml says. */
export function bindingsFor(namespaces: readonly string[]): string {
  const namespace = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const bind = (inside: string, role: string, subject: object): object => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace: inside },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', ...subject }],
  });
  const objects = [
    namespace(senders),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'alertmanager', namespace: senders } },
    ...namespaces.flatMap((name) => [
      namespace(name),
      bind(name, 'threehops-alert-receiver', { name: 'threehops', namespace: 'threehops-system' }),
      bind(name, 'threehops-alert-sender', { name: 'alertmanager', namespace: senders }),
    ]),
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

export async function tokenOfSender(cluster: Pick<ClusterAccess, 'kubectl'>): Promise<string> {
  const { stdout } = await cluster.kubectl(['create', 'token', 'alertmanager', '-n', senders]);
  return stdout.trim();
}

export async function createMaps(
  client: KubeClient,
  services: readonly Service[],
  site: string,
  signal: AbortSignal,
): Promise<void> {
  const maps = client.resource(serviceTopologies);
  const left = [...services];
  const worker = async (): Promise<void> => {
    for (let service = left.pop(); service !== undefined; service = left.pop()) {
      await maps.create(mapOf(service, site), signal);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
