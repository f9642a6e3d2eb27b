import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import { variantFiles } from '../world/repositories.ts';
import { badRelease } from './bad-release.ts';
import { edited, editedFiles } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficIsServed, usersAreServed, watchTraffic } from './judge.ts';

/** Milliseconds: between what a checkout takes with its customer's terms at hand and what it takes without. */
const slow = 700;

/** Nothing fails and nothing is logged: what was kept for each customer is looked for by each payment, and never found. */
export const fault: Fault = {
  name: 'cache-hits-halved',
  description: 'A setting adds the payment to the key of what the cache keeps for a customer: nothing is found there',
  session: { service: 'payments', symptom: 'Each checkout takes a second longer since this morning' },
  expected: badRelease('payments'),
  prepare: (names) => ({ files: (role) => (role === 'payments' ? keepingTerms(names) : {}) }),
  async inject(lab) {
    await lab.until('the cache to be warm', () => trafficIsServed(lab), 60_000);
    await countMonths(lab);
    const path = `config/${lab.names.settingsFile}`;
    const settings = await edited(lab, 'payments', path, [['["customer"]', '["customer", "reference"]']]);
    await lab.commit('payments', { message: 'Tell the terms of two payments apart', files: { [path]: settings } });
    await lab.awaitRollout('payments');
    await lab.until('checkouts to be slow', async () => (await watchTraffic(lab, 3000)).p95 > slow, 60_000);
  },
  healed: (lab) => usersAreServed(lab, { maxP95Milliseconds: slow }),
};

/** The lab has run for a minute; the counters of a cache hold what it was worth since it was started. In steps that hold nobody up. */
async function countMonths(lab: Lab): Promise<void> {
  await lab.cache(['SET', 'months', 'long', 'EX', '60']);
  for (let month = 0; month < 12; month += 1) {
    await lab.cache(['EVAL', "for _ = 1, 5000 do redis.call('GET', KEYS[1]) end", '1', 'months']);
  }
}

/** Payments that look up the terms of the customer for each checkout. */
function keepingTerms(names: WorldNames): Readonly<Record<string, string>> {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: "require('./cache.js');\n",
      to: "require('./cache.js');\nconst { anyCustomer, termsOf } = require('./terms.js');\n",
    },
    {
      path,
      from: '  const id = await insertPayment(',
      to: '  await termsOf(redis, { customer: body.customer ?? anyCustomer(), reference });\n  const id = await insertPayment(',
    },
  ];
  return { ...variantFiles('keeps-terms', 'payments', names), ...editedFiles('payments', names, edits) };
}
