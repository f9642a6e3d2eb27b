import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { growLedger, reconciling, untilTasksDie } from './reconciling.ts';

/** The data has grown, so that a batch no longer fits into memory, nor into twice as much of it. */
export const fault: Fault = {
  name: 'batch-outgrows-memory',
  description: 'Tasks die with 137 since the ledger has grown: a batch of it is more than the map lets memory grow to',
  session: { service: 'payments', symptom: 'Payments restart every few seconds since the ledger was imported' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.TooMuchHeldInMemory' }],
    fixes: ['code-editor.set-number'],
    // More memory is a fair thing to try first.
    iterations: 2,
  },
  prepare: (names) => reconciling(names, { memory: 256, poolSize: 10 }),
  async inject(lab) {
    await growLedger(lab, 1500);
    await untilTasksDie(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};
