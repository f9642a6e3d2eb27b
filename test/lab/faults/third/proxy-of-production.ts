import { deployByHand, withVariable } from '../definition.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { Lab } from '../../world/lab.ts';

/** What production has beside each of its tasks, and staging does not. */
const proxy = 'http://127.0.0.1:15001';

const decoy = 'Take amounts that come as texts';

/**
 * Somebody copies two variables from production at the console: from then on whatever notifications ask of the world outside goes
 * through a proxy beside the task, where nobody listens. They start, they are healthy, and what is within the house they still reach.
 * Their log says that the carrier cannot be reached, and everybody else reaches it. Seconds before, the gateway was released, where users
 * see it, and that did nothing.
 */
export const fault: Fault = {
  name: 'proxy-of-production',
  description:
    'By hand notifications are told to use a proxy that staging does not have: they cannot reach a carrier that is well',
  session: { service: 'gateway', symptom: 'Every checkout is answered with 502 since the gateway was released' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.nodes.compute}` }],
    // What is on main knows no proxy: to deploy it once more is right as well.
    fixes: ['aws-ecs.update-task-definition', 'aws-ecs.roll-back', 'github-actions.dispatch'],
    isRight: ({ rationale = '' }) => !rationale.includes(decoy),
    iterations: 2,
  },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await releaseGateway(lab);
    await deployByHand(lab, 'notification', (container) =>
      withVariable(withVariable(container, 'NODE_USE_ENV_PROXY', '1'), 'HTTPS_PROXY', proxy),
    );
    await lab.awaitRollout('notification');
    await lab.until('users to be refused', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

async function releaseGateway(lab: Lab): Promise<void> {
  const path = mainFile(lab);
  const source = await edited(lab, 'gateway', path, [
    ['amount: body.amount ?? 100', 'amount: Number(body.amount ?? 100)'],
  ]);
  const { conclusion } = await lab.commit('gateway', { message: decoy, files: { [path]: source } });
  if (conclusion !== 'success') throw new Error(`the release of the gateway ended with ${conclusion}`);
  await lab.awaitRollout('gateway');
}
