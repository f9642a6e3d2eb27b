import { allRemedies } from '../world/topologies.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Bytes. */
const bound = 4 * 1024 * 1024;
/** What somebody put into the cache and that has no business there. */
export const ballast = 'reports:archive';

/**
 * The cache has reached its bound and refuses every write. Whoever runs it can throw data away or raise the bound; the maps allow no
 * action that does, so a session can but say so.
 */
export const fault: Fault = {
  name: 'cannot-fix',
  description: 'The cache is full and refuses writes, which no allowed action can mend: a person must be asked',
  session: { service: 'gateway', symptom: 'Every checkout fails with an error' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}` }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ actions: allRemedies.filter((action) => !action.startsWith('redis.')) }),
  async inject(lab) {
    await lab.cache(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await lab.cache(['SETRANGE', ballast, String(bound), 'end']);
    await lab.cache(['CONFIG', 'SET', 'maxmemory', String(bound)]);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
