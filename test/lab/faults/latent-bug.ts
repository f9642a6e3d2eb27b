import type { Preparation, Fault } from './fault.ts';
import type { WorldNames } from '../world/names.ts';
import { editedFiles } from './edit.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const path = 'src/database.js';
const narrow = 'id > 2147483647';
const wide = 'id > Number.MAX_SAFE_INTEGER';
const checked = `  const id = Number(rows[0].id);
  if (${narrow}) throw new RangeError(\`payment \${id} is out of range\`);
  return id;`;

/**
 * Ids are checked against 32 bits since the first commit, and the column has 64. The day that the sequence passes them, every
 * payment fails, though nobody changed anything: there is nothing to take back, and no setting that helps.
 */
export const fault: Fault = {
  name: 'latent-bug',
  description: 'Ids outgrow what the program has always believed them to be: no change to take back, a line to mend',
  session: { service: 'gateway', symptom: 'Since a moment ago no checkout works at all; nothing was deployed' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.KnownDefect' }],
    fixes: ['code-editor.replace-text'],
    iterations: 1,
  },
  prepare: (names) => prepared(names),
  async inject(lab) {
    const { database, tablePayments } = lab.names;
    await lab.postgres.sql(database, `SELECT setval(pg_get_serial_sequence('${tablePayments}', 'id'), 2147483647)`);
    await lab.until('users to see it', () => trafficFails(lab, 0.9));
  },
  healed: (lab) => usersAreServed(lab),
};

/** The team knows three repairs; the one would also fit its file, the other's place was rewritten long ago. */
function prepared(names: WorldNames): Preparation {
  const edits = [{ path, from: '  return rows[0].id;', to: checked }];
  const thrown = ['cloudwatch.StackTrace', 'cloudwatch.NewErrorTemplate'];
  const recipes = [
    {
      name: 'wait-longer-for-the-database',
      when: { kinds: thrown, message: 'query read timeout' },
      path,
      find: 'query_timeout: 5000',
      replace: 'query_timeout: 15000',
      rationale: 'reports at the end of the month take longer than payments do',
    },
    {
      name: 'ids-have-64-bits',
      when: { kinds: thrown, message: 'out of range' },
      path,
      find: narrow,
      replace: wide,
      rationale: 'the column has 64 bits, and what the program can count has 53',
    },
    {
      name: 'ids-are-texts',
      when: { kinds: thrown, message: 'out of range' },
      path: 'src/ids.js',
      find: 'Number(id)',
      replace: 'String(id)',
      rationale: 'ids came from another store once',
    },
  ];
  return {
    files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}),
    recipes: (role) => (role === 'payments' ? recipes : []),
  };
}
