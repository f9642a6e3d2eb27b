import { badRelease } from './bad-release.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { allHold, usersAreServed } from './judge.ts';
import { ledgerMoves } from './ledger.ts';

/** The worker takes its messages and the queue is empty, as it should be; the ledger stands still. */
export const fault: Fault = {
  name: 'settles-nothing',
  description: 'A commit keeps payments for a batch that never comes: the queue drains, and nothing is posted',
  session: { service: 'settlement', symptom: 'The balance of the merchants has not moved since the last deploy' },
  expected: badRelease('settlement'),
  prepare: () => ({ needs: ['prometheus'] }),
  async inject(lab) {
    const main = mainFile(lab);
    await lab.commit('settlement', {
      message: 'Post once a day instead of with every message',
      files: {
        [main]: await edited(lab, 'settlement', main, [
          ['  await post(payments);\n  posted.add({}, payments.length);\n', '  ofTheDay.push(...payments);\n'],
          ['let settled = 0;\n', 'let settled = 0;\nconst ofTheDay = [];\n'],
        ]),
      },
    });
    // Nobody misses a payment at once.
    await lab.until('the ledger to stand still for a while', async () => !(await ledgerMoves(lab, 10)).healed, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => ledgerMoves(lab),
    ),
};
