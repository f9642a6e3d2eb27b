import { abandonTransaction } from './abandoned-transaction.ts';
import { backlogGrows, backlogIsSmall, busy } from './queue.ts';
import type { Fault } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

/** Somebody's script began a transaction, touched a row that everybody needs, and was forgotten. */
export const fault: Fault = {
  name: 'three-hops',
  description:
    'An abandoned transaction locks a row: the worker waits, the queue fills, payments shed load, the gateway fails',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 5xx at the front door' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.ledger}`, kind: 'postgres.AbandonedTransaction' }],
    fixes: ['postgres.terminate-backend'],
    iterations: 1,
  },
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    await abandonTransaction(lab);
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3));
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};
