import { usualDefinitions } from '../world/repositories.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** MiB: some more than the program uses with the usual number of rates, about 100. */
const onceEnough = 128;
/** A MiB each; with them the program needs about 160. */
const pagesOfRates = 110;

/** Nobody changed anything: the data that a healthy program holds in memory has grown past what its container is given. */
export const fault: Fault = {
  name: 'small-memory',
  description: 'The task definition gives a healthy build too little memory: its tasks die with 137',
  session: { service: 'payments', symptom: 'Checkouts fail in bursts; payments restart again and again' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.MemoryTooLow' }],
    fixes: ['aws-ecs.update-task-definition'],
    iterations: 1,
  },
  prepare(names) {
    const usual = usualDefinitions(names);
    return { definitions: { ...usual, payments: { ...usual.payments, memory: onceEnough } } };
  },
  async inject(lab) {
    await lab.cache(['SET', 'rates:pages', String(pagesOfRates)]);
    await lab.until('tasks to die of their memory limit', async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.filter((task) => task.containers?.[0]?.exitCode === 137).length >= 2;
    });
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};
