import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import { badRelease } from './bad-release.ts';
import { edited, editedFiles, mainFile } from './edit.ts';
import type { Fault, Judgement, Preparation } from './fault.ts';
import { allHold, usersAreServed } from './judge.ts';
import { backlogIsSmall, messagesIn } from './queue.ts';

/** More dead letters than a hiccup leaves behind. */
const fewLetters = 10;

/**
 * Users are served, the queue drains and nothing has changed where the errors are: the worker gets what it cannot read. What was put
 * aside stays there, for a person to say whether it is still wanted.
 */
export const fault: Fault = {
  name: 'dlq-poison',
  description: 'A release of payments sends the worker messages of another shape: they end in the dead-letter queue',
  session: { service: 'payments', symptom: 'Payments are taken in, and the merchants do not get their money any more' },
  expected: badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  prepare: (names) => prepared(names),
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'payments', path, [
      ['{ id, amount: body.amount }', "{ id, amount: { value: body.amount, currency: 'EUR' } }"],
    ]);
    await lab.commit('payments', { message: 'Say the currency of what is to be settled', files: { [path]: source } });
    await lab.until('dead letters to pile up', async () => (await deadLetters(lab)) > fewLetters, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => noneDie(lab),
    ),
};

/** What it cannot read the worker leaves where it is: after a few times the queue puts it aside. */
const isReadable = `function isReadable({ Body }) {
  const { id, amount } = JSON.parse(Body);
  if (typeof amount === 'number') return true;
  log('error', \`payment \${id} cannot be settled: \${JSON.stringify(amount)} is no amount\`);
  return false;
}

`;

function prepared(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: 'await settle(await queue.receive());',
      to: 'await settle((await queue.receive()).filter(isReadable));',
    },
    { path, from: 'async function settle(', to: `${isReadable}async function settle(` },
  ];
  return {
    needs: ['dead-letters'],
    files: (role) => (role === 'settlement' ? editedFiles(role, names, edits) : {}),
  };
}

async function deadLetters(lab: Lab): Promise<number> {
  if (lab.deadLettersUrl === undefined) throw new Error('the queue has no dead-letter queue');
  return messagesIn(lab, lab.deadLettersUrl);
}

async function noneDie(lab: Lab, seconds = 4): Promise<Judgement> {
  const before = await deadLetters(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  const more = (await deadLetters(lab)) - before;
  return { healed: more === 0, seen: `${more} messages more in the dead-letter queue within ${seconds} s` };
}
