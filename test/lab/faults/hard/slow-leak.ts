import type { Lab } from '../../world/lab.ts';
import { badRelease } from '../bad-release.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault, Judgement } from '../fault.ts';
import { allHold, trafficFails, usersAreServed } from '../judge.ts';

const kept = 'const receipts = new Map();';
/** KiB that are kept of each payment: what a task has to spare lasts for about two minutes. */
const kibibytes = 128;

/** Served for minutes after the release, and again for minutes after each restart: in between nothing is to be seen but memory that grows. */
export const fault: Fault = {
  name: 'slow-leak',
  description:
    'A release leaks so slowly that its first task dies of it minutes later, and the next one minutes after that',
  session: { service: 'gateway', symptom: 'Every few minutes checkouts fail for some seconds' },
  expected: badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'], iterations: 2 }),
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'payments', path, [
      ['let rates = [];', `let rates = [];\n${kept}`],
      ['  await queue.send(', `  receipts.set(id, Buffer.alloc(${kibibytes} * 1024, 1));\n  await queue.send(`],
    ]);
    await lab.commit('payments', { message: 'Have the receipts of the day at hand', files: { [path]: source } });
    await lab.awaitRollout('payments');
    await lab.until('a task to die of its memory limit', () => taskHasDied(lab), 300_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => keepsNothing(lab),
    ),
};

async function taskHasDied(lab: Lab): Promise<boolean> {
  const stopped = await lab.stoppedTasks('payments');
  return stopped.some((task) => task.containers?.[0]?.exitCode === 137);
}

/** It would take minutes to see that memory does not grow any more; what runs can be read. */
async function keepsNothing(lab: Lab): Promise<Judgement> {
  const sha = await lab.runningSha('payments');
  if (sha === undefined) return { healed: false, seen: 'no task of the newest deployment runs' };
  const healed = !(await lab.readFile('payments', mainFile(lab), sha)).includes(kept);
  return { healed, seen: `${sha.slice(0, 7)} runs, ${healed ? 'without' : 'with'} the leak` };
}
