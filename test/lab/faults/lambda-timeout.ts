import { variantFiles } from '../world/repositories.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { reconfigure } from './receipts.ts';

/** What takes long is one receipt in four, and takes no longer than ever. */
export const fault: Fault = {
  name: 'lambda-timeout',
  description: 'The function that makes the receipts is given one second, and the receipts of firms take longer',
  session: { service: 'gateway', symptom: 'A part of the checkouts is answered with 502' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.receipts}`, kind: 'aws-lambda.TimeoutTooShort' }],
    fixes: ['aws-lambda.update-configuration'],
    iterations: 1,
  },
  prepare: (names) => ({
    needs: ['lambda'],
    files: (role) => (role === 'notification' ? variantFiles('asks-a-slow-tax-office', role, names) : {}),
  }),
  async inject(lab) {
    await reconfigure(lab, { Timeout: 1 });
    await lab.until('users to be refused', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab, { maxP95Milliseconds: 2500 }),
};
