import { catalogIsServed, catalogOf, untilCatalogIsGone } from './catalog.ts';
import type { Fault } from './fault.ts';

export const quotaName = 'savings';

/**
 * The namespace was given a quota of no pods, and the pods that were there are gone (their node was drained). What a namespace may use is
 * for its owner to say, so a session can but tell.
 */
export const fault: Fault = {
  name: 'k8s-quota',
  description:
    "A quota lets a Deployment's pods not be made again, which no allowed action can mend: a person must be asked",
  session: { service: 'catalog', symptom: 'The catalog has been gone since last night' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}`, kind: 'kubernetes.QuotaUsedUp' }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    const { cluster, namespace } = catalogOf(lab);
    const metadata = { name: quotaName, namespace };
    await cluster.apply([{ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '0' } } }]);
    // A quota holds nobody up until its controller and the API server have taken it in: what is made anew meanwhile goes as well.
    await lab.until('the pods to be gone for good', async () => {
      const { stdout } = await cluster.access.kubectl(['delete', 'pods', '--all', '--namespace', namespace]);
      return !stdout.includes('deleted');
    });
    await untilCatalogIsGone(lab);
  },
  healed: catalogIsServed,
};
