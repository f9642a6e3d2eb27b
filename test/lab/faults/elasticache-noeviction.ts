import type { Fault } from './fault.ts';
import { importValues } from './managed-cache.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** More quotes than the node has room for. Each lasts a day, and can go earlier. */
const quotes = { count: 80, lastSeconds: 86_400 };

/** Lest a session be lost, somebody has the cache throw nothing away any more: at the bound of its node it refuses writes. */
export const fault: Fault = {
  name: 'elasticache-noeviction',
  description: 'The parameters of the managed cache are changed to evict nothing: once it is full, checkouts fail',
  session: { service: 'gateway', symptom: 'Checkouts fail, nobody has released anything' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}`, kind: 'aws-elasticache.NoEvictionWhenFull' }],
    fixes: ['aws-elasticache.set-maxmemory-policy', 'aws-elasticache.restore-parameter'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['elasticache'] }),
  async inject(lab) {
    await lab.managedCache?.setParameter('maxmemory-policy', 'noeviction');
    await importValues(lab, 'quote', quotes.count, quotes.lastSeconds);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
