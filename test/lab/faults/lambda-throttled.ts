import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { reserve } from './receipts.ts';

/** By its own log the function is well: calls that it never gets are no errors of it. */
export const fault: Fault = {
  name: 'lambda-throttled',
  description: 'The function that makes the receipts may run once at a time from now on: most of its calls are refused',
  session: { service: 'gateway', symptom: 'Most checkouts are answered with 502' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.receipts}`, kind: 'aws-lambda.ConcurrencyTooLow' }],
    fixes: ['aws-lambda.set-concurrency'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['lambda'] }),
  async inject(lab) {
    await reserve(lab, 1);
    await lab.until('users to be refused', () => trafficFails(lab, 0.3));
  },
  healed: (lab) => usersAreServed(lab),
};
