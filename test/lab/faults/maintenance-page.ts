import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** By its status all is well. */
export const fault: Fault = {
  name: 'maintenance-page',
  description: 'The firm that carries notifications answers everything with 200 and a page about its maintenance',
  session: { service: 'gateway', symptom: 'Checkouts fail, and every team says that its service is well' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.notification}/${names.carrier}`, kind: 'http-health.BodyMismatch' }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    lab.carrier?.answer({ body: '<html><title>We are back at noon</title></html>' });
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
