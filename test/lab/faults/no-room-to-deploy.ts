import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Lab } from '../world/lab.ts';
import { described } from './definition.ts';
import type { Fault } from './fault.ts';
import { mendedBacklog, mendMessage, prepareForgetfulPayments, runsMended } from './handed-over.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

/** Of one task, half is rounded up to one that has to stay, and one and a half down to one that there may be. */
const ofProduction = { minimumHealthyPercent: 50, maximumPercent: 150 };

/**
 * The commit that mends everything is on main, its pipeline is green, and ECS will never run it: the service has one task, and shares
 * that production's many tasks are replaced by leave no room to replace one.
 */
export const fault: Fault = {
  name: 'no-room-to-deploy',
  description: 'The mend was deployed and never starts: of one task, the settings let none stop and none be added',
  session: {
    service: 'payments',
    symptom: 'Checkouts are refused; the mend was deployed, all green, and nothing changed',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.rollout}`, kind: 'deploy-waiter.NoRoomToDeploy' }],
    fixes: ['aws-ecs.scale'],
    iterations: 1,
  },
  prepare: (names) => ({ ...prepareForgetfulPayments(names), needs: ['rollouts'] }),
  async inject(lab) {
    const { cluster, payments: service } = lab.names;
    await lab.ecsClient.send(new UpdateServiceCommand({ cluster, service, deploymentConfiguration: ofProduction }));
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
    await lab.commit('payments', { message: mendMessage, files: mendedBacklog(lab) });
    if (!(await waits(lab))) throw new Error('the mend is being rolled out');
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => runsMended(lab),
    ),
};

async function waits(lab: Lab): Promise<boolean> {
  const { deployments } = await described(lab, 'payments');
  const { rolloutState, runningCount, pendingCount } = deployments?.[0] ?? {};
  return rolloutState === 'IN_PROGRESS' && runningCount === 0 && pendingCount === 0;
}
