import { allowDowntime, deployByHand } from './definition.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Somebody deploys by hand, past the pipeline, and mistakes the tag. */
export const fault: Fault = {
  name: 'image-tag-missing',
  description: 'A task definition names an image that nobody pushed: no task can start',
  session: { service: 'payments', symptom: 'Payments do not answer at all' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' }],
    fixes: ['aws-ecs.roll-back'],
    iterations: 1,
  },
  async inject(lab) {
    await allowDowntime(lab, 'payments');
    await deployByHand(lab, 'payments', (container) => ({
      ...container,
      image: `${container.image?.split(':')[0] ?? ''}:release-42`,
    }));
    await lab.until('a task that could not start', async () => (await lab.stoppedTasks('payments')).length >= 2);
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
