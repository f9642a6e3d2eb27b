import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../world/lab.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault, Judgement } from './fault.ts';
import { allHold, usersAreServed } from './judge.ts';

/** The worker takes its messages and the queue is empty, as it should be; the ledger stands still. */
export const fault: Fault = {
  name: 'settles-nothing',
  description: 'A commit keeps payments for a batch that never comes: the queue drains, and nothing is posted',
  session: { service: 'settlement', symptom: 'The balance of the merchants has not moved since the last deploy' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['prometheus'] }),
  async inject(lab) {
    const main = mainFile(lab);
    await lab.commit('settlement', {
      message: 'Post once a day instead of with every message',
      files: {
        [main]: await edited(lab, 'settlement', main, [
          ['  await post(payments);\n  posted.add({}, payments.length);\n', '  ofTheDay.push(...payments);\n'],
          ['let settled = 0;\n', 'let settled = 0;\nconst ofTheDay = [];\n'],
        ]),
      },
    });
    // Nobody misses a payment at once.
    await lab.until('the ledger to stand still for a while', async () => !(await ledgerMoves(lab, 10)).healed, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => ledgerMoves(lab),
    ),
};

async function ledgerMoves(lab: Lab, seconds = 3): Promise<Judgement> {
  const before = await balance(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  const after = await balance(lab);
  return { healed: after !== before, seen: `the balance went from ${before} to ${after} in ${seconds} s` };
}

async function balance({ postgres, names }: Lab): Promise<string> {
  const rows = await postgres.sql<{ balance: string }>(
    names.ledger,
    `SELECT balance FROM ${names.tableAccounts} WHERE name = 'merchant'`,
  );
  return rows[0]?.balance ?? '';
}
