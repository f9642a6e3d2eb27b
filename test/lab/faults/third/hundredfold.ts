import { setTimeout as delay } from 'node:timers/promises';
import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Judgement, Preparation } from '../fault.ts';
import { allHold, trafficIsServed, usersAreServed } from '../judge.ts';
import { backlogIsSmall } from '../queue.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

const flagsFile = 'config/flags.json';
/** What a merchant gets for a payment: users pay 100 each, and a payment in cents is 10,000. */
const mostUsual = 1000;
const cents = 5000;

const decoy = 'Say how many workers there are';

const amountToSettle = `/** Once the worker counts in cents it is handed cents. */
function amountToSettle(amount) {
  return flags.amountsInCents ? Math.round(Number(amount) * 100) : amount;
}

`;

/**
 * A flag of payments, months old and never on, is switched before the worker on the other side of the queue is ready for it: payments hand over
 * cents, and the worker posts them as what it has always posted. Everybody is served, nothing fails, nothing waits, and as many payments are
 * settled as ever. What tells is the worker's log, in which totals are a hundred times what they were, and the worker has just been
 * released, which did nothing.
 */
export const fault: Fault = {
  name: 'hundredfold',
  description:
    'A flag has payments hand over cents to a worker that counts in whole units: merchants get a hundred times their money, without an error',
  session: {
    service: 'payments',
    symptom: 'Since a few minutes ago merchants are credited a hundred times what their customers pay',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.code}` },
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    // What was posted until then is for people to put right.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    isRight: ({ rationale = '' }) => !rationale.includes(decoy),
    iterations: 2,
  },
  prepare: flagged,
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await lab.until('merchants to get what is paid', async () => (await isPostedRightly(lab)).healed, 60_000);
    const flags = await edited(lab, 'payments', flagsFile, [['"amountsInCents": false', '"amountsInCents": true']]);
    const switched = await lab.commit('payments', {
      message: 'Switch to cents, as is agreed for this quarter',
      files: { [flagsFile]: flags },
    });
    if (switched.conclusion !== 'success') throw new Error(`the switch ended with ${switched.conclusion}`);
    await lab.awaitRollout('payments');
    const main = mainFile(lab);
    const released = await lab.commit('settlement', {
      message: decoy,
      files: {
        [main]: await edited(lab, 'settlement', main, [
          ['{ ok: true, settled }', '{ ok: true, settled, workers: settings.workers }'],
        ]),
      },
    });
    if (released.conclusion !== 'success') throw new Error(`the release ended with ${released.conclusion}`);
    await lab.awaitRollout('settlement');
    await lab.until('merchants to get far too much', async () => (await perPayment(lab)) > cents, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => isPostedRightly(lab),
    ),
};

/** Payments that can count in two ways, and a worker that logs what it posts. */
function flagged(names: WorldNames): Preparation {
  const main = `src/${names.mainFile}`;
  const handing = [
    {
      path: main,
      from: "require('./database.js');\n",
      to: "require('./database.js');\nconst flags = require('../config/flags.json');\n",
    },
    {
      path: main,
      from: 'queue.send({ id, amount: body.amount })',
      to: 'queue.send({ id, amount: amountToSettle(body.amount) })',
    },
    { path: main, from: 'async function pay(', to: `${amountToSettle}async function pay(` },
  ];
  const path = 'src/post.js';
  const posting = [
    {
      path,
      from: "require('./database.js');\n",
      to: "require('./database.js');\nconst { log } = require('../lib/log.js');\n",
    },
    {
      path,
      from: "[total, 'merchant']);\n",
      to: "[total, 'merchant']);\n  log('info', 'posted', { payments: payments.length, total });\n",
    },
  ];
  const flags = `${JSON.stringify({ amountsInCents: false }, undefined, 2)}\n`;
  return {
    files(role) {
      if (role === 'payments') return { ...editedFiles(role, names, handing), [flagsFile]: flags };
      return role === 'settlement' ? editedFiles(role, names, posting) : {};
    },
  };
}

async function isPostedRightly(lab: Lab): Promise<Judgement> {
  const posted = await perPayment(lab);
  return { healed: posted > 0 && posted < mostUsual, seen: `merchants get ${Math.round(posted)} for each payment` };
}

/** What merchants get for each payment that is taken in, over some seconds. */
async function perPayment(lab: Lab, seconds = 5): Promise<number> {
  const before = await sums(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  const after = await sums(lab);
  return (after.balance - before.balance) / Math.max(1, after.payments - before.payments);
}

async function sums({ postgres, names }: Lab): Promise<{ readonly balance: number; readonly payments: number }> {
  const accounts = await postgres.sql<{ balance: string }>(
    names.ledger,
    `SELECT balance FROM ${names.tableAccounts} WHERE name = 'merchant'`,
  );
  const taken = await postgres.sql<{ payments: string }>(
    names.database,
    `SELECT count(*) AS payments FROM ${names.tablePayments}`,
  );
  return { balance: Number(accounts[0]?.balance ?? 0), payments: Number(taken[0]?.payments ?? 0) };
}
