import type { Fault } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';

/** Nobody listens there: the new host was taken down again. */
const master = { host: '127.0.0.1', port: '9' };

/**
 * A script that moves caches to new hosts took the wrong side for the new one. The cache is up, has room, knows all it knew and answers
 * each question; it only takes nothing from anybody but a master which is not there. To make it a master again is for whoever runs it,
 * since what the other side has by now nobody here can tell.
 */
export const fault: Fault = {
  name: 'replica-of-nobody',
  description: 'The cache was made a replica of a host that is gone: it can be read as ever, and refuses every write',
  session: {
    service: 'gateway',
    symptom: 'No checkout goes through since the caches were moved; the cache is up and answers',
  },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}` }],
    fixes: [],
    iterations: 1,
  },
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await lab.cache(['REPLICAOF', master.host, master.port]);
    await lab.until('users to be refused', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
