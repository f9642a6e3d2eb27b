import { deployRevision, described } from './definition.ts';
import { narrowIds, passNarrowIds, wideIds } from './narrow-ids.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/**
 * What the first revision believes of ids was mended in the second, in time. Somebody looks for the cause of something else, puts the
 * first one back, and leaves it there: nothing is wrong with the newest code, which is not what runs.
 */
export const fault: Fault = {
  name: 'old-revision-put-back',
  description:
    'Somebody puts an earlier revision back, which cannot do with ids that have grown since: all payments fail',
  session: { service: 'gateway', symptom: 'No checkout works; it is the error that was mended the other day' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.rollout}`, kind: 'deploy-waiter.OldRevisionPutBack' }],
    fixes: ['aws-ecs.update-task-definition'],
    iterations: 1,
  },
  prepare: (names) => ({
    files: (role) => (role === 'payments' ? narrowIds(names) : {}),
    needs: ['rollouts'],
  }),
  async inject(lab) {
    const { taskDefinition: first = '' } = await described(lab, 'payments');
    await lab.commit('payments', { message: 'Believe of ids what the column does', files: await wideIds(lab) });
    await lab.awaitRollout('payments');
    await passNarrowIds(lab);
    if (!(await usersAreServed(lab, { requests: 10 })).healed) throw new Error('the mend does not hold');
    await deployRevision(lab, 'payments', first);
    await lab.awaitRollout('payments');
    await lab.until('users to see it', () => trafficFails(lab, 0.9));
  },
  healed: (lab) => usersAreServed(lab),
};
