import { catalogIsServed, catalogOf, untilCatalogIsGone } from './catalog.ts';
import type { Fault } from './fault.ts';

/** MiB: less than the program uses. */
const tooLittle = 64;

/** Somebody saves memory on a program that needs it. */
export const fault: Fault = {
  name: 'k8s-out-of-memory',
  description:
    "A Deployment's memory limit is lowered below what its program uses: its pods are killed again and again",
  session: { service: 'catalog', symptom: 'The catalog is down, its pods restart all the time' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}`, kind: 'kubernetes.MemoryTooLow' }],
    fixes: ['kubernetes.update-container', 'kubernetes.undo-rollout'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    await catalogOf(lab).deploy({ memory: tooLittle });
    await untilCatalogIsGone(lab);
  },
  healed: catalogIsServed,
};
