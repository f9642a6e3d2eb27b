import { allowDowntime, commitDefinition, withVariable } from './definition.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** A commit points the service at a database that is not there; nothing in CI asks for it. */
export const fault: Fault = {
  name: 'bad-env',
  description: 'A commit gives a variable of the task definition a wrong value: the tasks end while they start',
  session: { service: 'payments', symptom: 'Checkouts have failed since the last deploy' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadEnvironment' }],
    fixes: ['aws-ecs.update-task-definition'],
    iterations: 1,
  },
  async inject(lab) {
    await allowDowntime(lab, 'payments');
    await commitDefinition(lab, 'payments', 'Use the database of the next release', (container) =>
      withVariable(container, 'DATABASE_NAME', `${lab.names.database}_next`),
    );
    await lab.until('tasks to end by themselves', async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.filter((task) => task.containers?.[0]?.exitCode === 1).length >= 2;
    });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
