import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { growLedger, reconciling } from './reconciling.ts';

/** Nothing was released: there are more batches than before, and nothing limits the connections they take but the server. */
export const fault: Fault = {
  name: 'pool-too-wide',
  description: 'The pool may take more connections than the database has: since the ledger has grown, it does',
  session: { service: 'payments', symptom: 'Many checkouts fail since the ledger was imported' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.ConnectionLimitUnfit' },
    ],
    fixes: ['code-editor.set-number'],
    iterations: 1,
  },
  prepare: (names) => reconciling(names, { memory: 256, batchSize: 100 }),
  async inject(lab) {
    await growLedger(lab, 4400);
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};
