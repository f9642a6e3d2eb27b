import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** What is right for the cache in production, with its replicas, is copied to the one of staging, which has none. */
export const fault: Fault = {
  name: 'elasticache-waits-for-replicas',
  description: 'The managed cache is told to write only with a replica at hand, and has none: it refuses every write',
  session: { service: 'gateway', symptom: 'No checkout goes through' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}`, kind: 'aws-elasticache.ReplicasRequired' }],
    fixes: ['aws-elasticache.restore-parameter'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['elasticache'] }),
  async inject(lab) {
    await lab.managedCache?.setParameter('min-replicas-to-write', '1');
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
