import { setTimeout as delay } from 'node:timers/promises';
import { allowDowntime, deployByHand } from './definition.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Somebody spares the tasks: they are asked for their health every five minutes, and may miss it ten times. */
const seldom = { interval: 300, retries: 10 };

/**
 * A health check by hand, past the pipeline, asks for a path that is not served, and so seldom that ECS would take most of an hour
 * to call a task ill. Until then tasks run and none has failed, no task is healthy, and nobody is served.
 */
export const fault: Fault = {
  name: 'never-healthy',
  description: 'A rollout neither fails nor ends: its tasks run, and a health check that is seldom made never passes',
  session: {
    service: 'payments',
    symptom: 'Checkouts fail with 503; payments were deployed and have not come up since',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.rollout}`, kind: 'deploy-waiter.BadRelease' },
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    fixes: ['aws-ecs.roll-back'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['rollouts'] }),
  async inject(lab) {
    await allowDowntime(lab, 'payments');
    await deployByHand(lab, 'payments', ({ healthCheck, ...container }) => ({
      ...container,
      healthCheck: {
        ...healthCheck,
        ...seldom,
        command: (healthCheck?.command ?? []).map((word) => word.replace('/health', '/ready')),
      },
    }));
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
    // A deployment is given some time before somebody is asked what ails it.
    await delay(20_000, undefined, { signal: lab.signal });
  },
  healed: (lab) => usersAreServed(lab),
};
