import { badRelease } from '../bad-release.ts';
import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';
import type { WorldNames } from '../../world/names.ts';

/** One notification in nine fails, quietly; payments have always ended over that, and do so now every few seconds. */
export const fault: Fault = {
  name: 'loud-victim',
  description: 'A release fails one notification in nine, over each of which a task of payments ends',
  session: { service: 'payments', symptom: 'Payments restart all the time' },
  expected: badRelease('notification', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'], iterations: 2 }),
  prepare: endingOverFailures,
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'notification', path, [
      ['  sent += 1;', '  if (notification.id % 9 === 0) notification.prizes.push(notification.id);\n  sent += 1;'],
    ]);
    await lab.commit('notification', {
      message: 'Enter every ninth customer for the prizes',
      files: { [path]: source },
    });
    await lab.until('tasks of payments to end', async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.filter((task) => task.containers?.[0]?.exitCode === 1).length >= 3;
    });
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};

function endingOverFailures(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const notify = `/** A payment that nobody is told of is for another task to look at. */
async function notify(id) {
  try {
    await call(\`\${NOTIFICATION_URL}/notify\`, { method: 'POST', body: { id } });
  } catch (error) {
    log('error', \`cannot go on: \${error.message}\`, { stack: error.stack });
    process.exit(1);
  }
}

`;
  const edits = [
    {
      path,
      from: "await call(`${NOTIFICATION_URL}/notify`, { method: 'POST', body: { id } });",
      to: 'await notify(id);',
    },
    { path, from: 'async function pay(', to: `${notify}async function pay(` },
  ];
  return { files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}) };
}
