import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { reconfigure } from './receipts.ts';

/** The least that Lambda gives is enough for most receipts. */
export const fault: Fault = {
  name: 'lambda-out-of-memory',
  description: 'The function that makes the receipts is given half of its memory, and is killed over those of firms',
  session: { service: 'gateway', symptom: 'A part of the checkouts is answered with 502' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.receipts}`, kind: 'aws-lambda.MemoryTooLow' }],
    fixes: ['aws-lambda.update-configuration'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['lambda'] }),
  async inject(lab) {
    await reconfigure(lab, { MemorySize: 128 });
    await lab.until('users to be refused', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};
