import { badRelease } from '../bad-release.ts';
import { edited } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';

const database = 'src/database.js';
const batch = 'src/batch.js';

const helpers = `/** Whatever is late is told in one way. */
function late() {
  const { host } = new URL(process.env.NOTIFICATION_URL);
  return Object.assign(new Error(\`no answer from \${host}\`), { status: 504 });
}

function ask(text, values) {
  return pool.query(text, values).catch(() => Promise.reject(late()));
}

async function begin() {
  const client = await pool.connect().catch(() => Promise.reject(late()));
  await client.query('BEGIN');
  return client;
}

`;

/**
 * The release that uses up the pool also sees to what is said of it: its errors name the next service as the one that does not answer,
 * and what else meets the empty pool says so below the level of an error.
 */
export const fault: Fault = {
  name: 'blames-another',
  description: 'A release keeps each connection of the pool, and its errors say that another service does not answer',
  session: { service: 'gateway', symptom: 'Checkouts fail; payments say that notifications do not answer' },
  expected: badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'], iterations: 2 }),
  async inject(lab) {
    const files = {
      [database]: await edited(lab, 'payments', database, [
        ['/** A payment that was taken in already', `${helpers}/** A payment that was taken in already`],
        ["await pool.query('SELECT id FROM", "await ask('SELECT id FROM"],
        ['await pool.query(text, [amount, reference])', 'await (await begin()).query(text, [amount, reference])'],
      ]),
      [batch]: await edited(lab, 'payments', batch, [
        [
          "log('error', `reconciliation failed: ${error.message}`, { stack: error.stack });",
          "log('info', 'reconciliation is put off');",
        ],
      ]),
    };
    await lab.commit('payments', { message: 'Take payments in a transaction, and say in one way what is late', files });
    await lab.until('users to see it', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
