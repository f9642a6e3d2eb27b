import { variantFiles } from '../world/repositories.ts';
import type { WorldNames } from '../world/names.ts';
import { badRelease } from './bad-release.ts';
import { edited, editedFiles, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** It waits a little less than payments usually take, so that it asks ten times for each checkout. */
const impatient = `/** A call that is late is made again at once, so that nobody waits for one slow answer. */
async function insist(url, options, tries = 10) {
  try {
    return await call(url, { ...options, timeoutMs: 60 });
  } catch (error) {
    if (tries === 1) throw error;
    return insist(url, options, tries - 1);
  }
}

`;

/** It looks broken at the callee, where nothing was changed: it gets ten times the work, most of it for answers that nobody waits for. */
export const fault: Fault = {
  name: 'retry-storm',
  description: 'A release of the gateway calls again and again without a pause: payments get more than they can do',
  session: { service: 'gateway', symptom: 'Checkouts fail, and payments say that they are overloaded' },
  expected: badRelease('gateway', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  prepare: (names) => ({ files: (role) => (role === 'payments' ? clearing(names) : {}) }),
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'gateway', path, [
      ['await call(`${PAYMENTS_URL}/payments`, { method', 'await insist(`${PAYMENTS_URL}/payments`, { method'],
      ['serve({', `${impatient}serve({`],
    ]);
    await lab.commit('gateway', { message: 'Do not let a checkout wait for a slow answer', files: { [path]: source } });
    await lab.until('users to see it', () => trafficFails(lab, 0.7), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Payments that ask the bank first, which has room for more than twice the usual traffic. */
function clearing(names: WorldNames): Readonly<Record<string, string>> {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: "require('./cache.js');\n",
      to: "require('./cache.js');\nconst { clear } = require('./bank.js');\n",
    },
    { path, from: '  const id = await insertPayment(', to: '  await clear();\n  const id = await insertPayment(' },
  ];
  return { ...variantFiles('asks-the-bank', 'payments', names), ...editedFiles('payments', names, edits) };
}
