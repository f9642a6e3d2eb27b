import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { growLedger, reconciling, untilTasksDie } from './reconciling.ts';

/** MiB: enough for batches as they were, and for a hundred items; a thousand need more than the map allows at all. */
const memory = 256;
/** So many that small batches are more than the database has connections for. */
const payments = 4400;

/**
 * The story of the article's appendix. The data has grown, so that a batch no longer fits into memory; more memory does not help.
 * Smaller batches do, but there are many of them at once, and nothing limits the connections they take but the server.
 */
export const fault: Fault = {
  name: 'article-history',
  description:
    'Tasks die with 137 whatever their memory; smaller batches help, and then the database runs out of connections',
  session: { service: 'payments', symptom: 'Payments restart again and again since the ledger is reconciled in full' },
  expected: {
    outcome: 'Fixed',
    // The cause of the last iteration: what the ones before it left.
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.ConnectionLimitUnfit' },
    ],
    fixes: ['code-editor.set-number'],
    iterations: 3,
  },
  prepare: (names) => reconciling(names, { memory }),
  async inject(lab) {
    await growLedger(lab, payments);
    await untilTasksDie(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};
