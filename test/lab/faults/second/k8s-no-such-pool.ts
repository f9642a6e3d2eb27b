import { catalogIsServed, catalogOf, untilCatalogIsGone } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import type { Lab } from '../../world/lab.ts';

/** As far as a pod is read. */
interface Pods {
  readonly items: readonly { readonly status?: { readonly conditions?: readonly { readonly reason?: string }[] } }[];
}

/**
 * Somebody moves the pods to a pool of cheaper nodes, which this cluster does not have. The image, the memory and the variables are as they
 * were, the one node has room for fifty such pods, and none is put on it: no container was ever started that could fail.
 */
export const fault: Fault = {
  name: 'k8s-no-such-pool',
  description: 'A Deployment asks for nodes of a pool that the cluster does not have: its pods are put on none',
  session: { service: 'catalog', symptom: 'The catalog answers 503 since it was to run on cheaper machines' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}` }],
    fixes: ['kubernetes.undo-rollout'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    const { cluster, namespace } = catalogOf(lab);
    const patch = JSON.stringify({ spec: { template: { spec: { nodeSelector: { pool: 'spot' } } } } });
    const args = ['patch', 'deployment', lab.names.catalog, '-n', namespace, '--type', 'merge', '-p', patch];
    const { code, stderr } = await cluster.access.kubectl(args);
    if (code !== 0) throw new Error(`the Deployment was not changed: ${stderr}`);
    await lab.until('its new pods to be put on no node', () => isUnschedulable(lab));
    await untilCatalogIsGone(lab);
  },
  healed: catalogIsServed,
};

async function isUnschedulable(lab: Lab): Promise<boolean> {
  const { cluster, namespace, usual } = catalogOf(lab);
  const { stdout } = await cluster.access.kubectl(['get', 'pods', '-n', namespace, '-o', 'json']);
  // As kubectl writes it.
  const { items } = JSON.parse(stdout) as Pods;
  const waits = ({ status }: Pods['items'][number]): boolean =>
    (status?.conditions ?? []).some(({ reason }) => reason === 'Unschedulable');
  return items.length === usual.replicas && items.every(waits);
}
