import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/**
 * The cache has reached its bound and refuses every write. Whoever runs it can raise the bound or throw data away; there is no action
 * that does, so a session can but say so.
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
  async inject(lab) {
    await lab.cache(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await lab.cache(['CONFIG', 'SET', 'maxmemory', '1mb']);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
