import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const dayMs = 86_400_000;

/** Whoever runs the carrier can renew it; nothing that is deployed here can, so a session can but say so. */
export const fault: Fault = {
  name: 'expired-certificate',
  description: 'The certificate of the firm that carries notifications has run out, three hops from where users see it',
  session: { service: 'gateway', symptom: 'Every checkout is answered with 502' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.notification}/${names.carrier}` }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    const now = Date.now();
    await lab.carrier?.certify({ notBefore: new Date(now - 90 * dayMs), notAfter: new Date(now - 60_000) });
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
