import type { Lab } from '../world/lab.ts';
import { allowDowntime } from './downtime.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const definitionFile = 'deploy/task-definition.json';

/** What the fault changes of the file, in the shape of ECS's RegisterTaskDefinition. */
interface Definition {
  readonly containerDefinitions: readonly { environment: { name: string; value: string }[] }[];
}

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
    await allowDowntime(lab);
    await lab.commit('payments', {
      message: 'Use the database of the next release',
      files: { [definitionFile]: await withDatabase(lab, `${lab.names.database}_next`) },
    });
    await lab.until('tasks to end by themselves', async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.filter((task) => task.containers?.[0]?.exitCode === 1).length >= 2;
    });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};

async function withDatabase(lab: Lab, value: string): Promise<string> {
  // The lab's own file.
  const definition = JSON.parse(await lab.readFile('payments', definitionFile)) as Definition;
  for (const { environment } of definition.containerDefinitions) {
    for (const variable of environment) if (variable.name === 'DATABASE_NAME') variable.value = value;
  }
  return `${JSON.stringify(definition, undefined, 2)}\n`;
}
