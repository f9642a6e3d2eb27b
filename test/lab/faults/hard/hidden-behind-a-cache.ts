import { fault as fullCache } from '../redis-noeviction.ts';
import type { Fault } from '../fault.ts';
import { usersAreServed } from '../judge.ts';
import { reconfigure } from '../receipts.ts';

/** Two independent causes, one behind the other: as long as the cache refuses payments, nobody gets as far as a receipt. */
export const fault: Fault = {
  name: 'hidden-behind-a-cache',
  description:
    'The cache refuses writes, and behind it waits a function that was misconfigured meanwhile and is not called',
  session: { service: 'gateway', symptom: 'Every checkout fails since this morning' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.cache}`, kind: 'redis.NoEvictionWhenFull' },
      { node: `${names.notification}/${names.receipts}`, kind: 'aws-lambda.BadEnvironment' },
    ],
    fixes: ['redis.set-maxmemory-policy', 'aws-lambda.update-configuration'],
    iterations: 3,
  },
  prepare: () => ({ needs: ['lambda'] }),
  async inject(lab) {
    await fullCache.inject(lab);
    await reconfigure(lab, { Environment: { Variables: { TEMPLATE: 'festive' } } });
  },
  healed: (lab) => usersAreServed(lab),
};
