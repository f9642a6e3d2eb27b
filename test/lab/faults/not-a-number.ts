import type { WorldNames } from '../world/names.ts';
import { editedFiles } from './edit.ts';
import type { Fault, Preparation } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const path = 'src/database.js';
const all = 'SELECT max(amount)::float8 AS largest FROM';
const numbersAlone = String.raw`SELECT max(amount) FILTER (WHERE amount <> \'NaN\')::float8 AS largest FROM`;

/**
 * A payment far above all others is held back for a person. One row that an import left without an amount is the largest of all to
 * PostgreSQL, and no number at all to the program: from then on it can compare nothing and refuses everything.
 */
export const fault: Fault = {
  name: 'not-a-number',
  description: 'One imported row has no number for an amount, and a check that compares with it refuses all payments',
  session: { service: 'payments', symptom: 'Every payment is refused since the import of this morning' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.KnownDefect' }],
    fixes: ['code-editor.replace-text'],
    iterations: 1,
  },
  prepare: (names) => prepared(names),
  async inject(lab) {
    const { postgres, names } = lab;
    await postgres.sql(names.database, `INSERT INTO ${names.tablePayments} (amount) VALUES ('NaN')`);
    await lab.until('users to see it', () => trafficFails(lab, 0.9));
  },
  healed: (lab) => usersAreServed(lab),
};

function prepared(names: WorldNames): Preparation {
  const checked = `async function insertPayment(amount, reference) {
  const known = await pool.query('${all} ${names.tablePayments}');
  const most = 10 * (known.rows[0].largest ?? amount);
  if (!(amount <= most)) throw new RangeError(\`amount \${amount} is not within \${most}\`);`;
  const edits = [{ path, from: 'async function insertPayment(amount, reference) {', to: checked }];
  const recipe = {
    name: 'leave-out-what-is-no-number',
    when: { kinds: ['cloudwatch.StackTrace', 'cloudwatch.NewErrorTemplate'], message: 'is not within NaN' },
    path,
    find: all,
    replace: numbersAlone,
    rationale: 'rows of an import may have no number for an amount, which sorts above all numbers',
  };
  return {
    files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}),
    recipes: (role) => (role === 'payments' ? [recipe] : []),
  };
}
