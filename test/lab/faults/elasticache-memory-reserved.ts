import type { Fault } from './fault.ts';
import { importValues } from './managed-cache.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Baskets that must not go: half of what the node has for data. */
const baskets = 30;

/** For the sake of backups somebody keeps most of a node's memory from its data, which then does not fit and may not be thrown away. */
export const fault: Fault = {
  name: 'elasticache-memory-reserved',
  description: 'Most of the memory of the managed cache is reserved for backups: what lies in it does not fit any more',
  session: { service: 'gateway', symptom: 'Checkouts fail all of a sudden, the cache is said to be large enough' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}`, kind: 'aws-elasticache.MemoryReserved' }],
    fixes: ['aws-elasticache.restore-parameter'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['elasticache'] }),
  async inject(lab) {
    await importValues(lab, 'basket', baskets);
    await lab.managedCache?.setParameter('reserved-memory-percent', '70');
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
