import { catalogIsServed, catalogOf, untilCatalogIsGone } from './catalog.ts';
import type { Fault } from './fault.ts';

/** A release is rolled out whose image was never pushed. */
export const fault: Fault = {
  name: 'k8s-image-missing',
  description: 'A Deployment is given an image tag that is not in the registry: its pods cannot pull it',
  session: { service: 'catalog', symptom: 'The catalog answers 503 since the release' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}`, kind: 'kubernetes.BadRelease' }],
    fixes: ['kubernetes.undo-rollout', 'kubernetes.update-container'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    await catalogOf(lab).deploy({ image: `registry.lab/${lab.names.catalog}:1.6.0` });
    await untilCatalogIsGone(lab);
  },
  healed: catalogIsServed,
};
