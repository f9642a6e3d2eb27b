import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { reconfigure } from './receipts.ts';

/** A variable names what its code does not have: each invocation throws, three hops from the users. */
export const fault: Fault = {
  name: 'lambda-wrong-env',
  description: 'A variable of the function that makes the receipts names a template that it does not have',
  session: { service: 'gateway', symptom: 'Every checkout is answered with 502' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.receipts}`, kind: 'aws-lambda.BadEnvironment' }],
    fixes: ['aws-lambda.update-configuration'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['lambda'] }),
  async inject(lab) {
    await reconfigure(lab, { Environment: { Variables: { TEMPLATE: 'festive' } } });
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
