import { catalogIsServed, catalogOf, untilCatalogIsGone } from './catalog.ts';
import type { Fault } from './fault.ts';

/** A release comes with a definition from which a variable was lost that the program cannot do without. */
export const fault: Fault = {
  name: 'k8s-wrong-env',
  description:
    'A new definition of a Deployment lacks a variable that its program needs: its pods end while they start',
  session: { service: 'catalog', symptom: 'Nobody gets the catalog any more' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}`, kind: 'kubernetes.BadEnvironment' }],
    fixes: ['kubernetes.update-container', 'kubernetes.undo-rollout'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    await catalogOf(lab).deploy({ environment: { LOG_LEVEL: 'debug' } });
    await untilCatalogIsGone(lab);
  },
  healed: catalogIsServed,
};
