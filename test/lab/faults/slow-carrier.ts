import type { Fault } from './fault.ts';
import { usersAreServed, watchTraffic } from './judge.ts';

/** Nothing fails: what takes two seconds usually takes next to none, and users wait for it. */
export const fault: Fault = {
  name: 'slow-carrier',
  description: 'The firm that carries notifications takes two seconds where it took next to none, and users wait',
  session: { service: 'gateway', symptom: 'Checkouts take more than two seconds' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.notification}/${names.carrier}`, kind: 'http-health.SlowResponse' }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ needs: ['carrier', 'prometheus'] }),
  async inject(lab) {
    lab.carrier?.answer({ body: '{"accepted":true}', delayMs: 2000 });
    await lab.until('checkouts to be slow', async () => (await watchTraffic(lab, 3000)).p95 > 1800);
  },
  healed: (lab) => usersAreServed(lab),
};
