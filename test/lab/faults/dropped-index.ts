import type { Lab } from '../world/lab.ts';
import type { ServiceRole, WorldNames } from '../world/names.ts';
import { editedFiles } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from './judge.ts';

/** Payments of some years: so many that reading all of them takes longer than anybody waits. */
const rows = 2_500_000;
/** As long as users wait. */
const patienceMs = 1_500;

/** Somebody cleaned up what looked like an unused index: each payment is now looked for among all there ever were. */
export const fault: Fault = {
  name: 'dropped-index',
  description: 'An index was dropped: each checkout reads a whole table, and a person must open the gate to mend it',
  session: { service: 'gateway', symptom: 'Checkouts take seconds, and some are given up' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.MissingIndex' }],
    fixes: ['postgres.create-index'],
    iterations: 1,
  },
  approves: ['SchemaChange'],
  // Two readers at a time: five would leave the database nothing to build an index with.
  prepare: (names) => ({ files: (role) => (role === 'payments' ? narrowPool(role, names) : {}) }),
  async inject(lab) {
    await fill(lab);
    await lab.until('the full table to be no burden', () => trafficIsServed(lab));
    lab.progress('dropping the index');
    await lab.postgres.sql(lab.names.database, `DROP INDEX ${lab.names.tablePayments}_reference_idx`);
    await lab.until('users to give up', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) => usersAreServed(lab, { maxP95Milliseconds: patienceMs }),
};

function narrowPool(role: ServiceRole, names: WorldNames): Record<string, string> {
  const path = `config/${names.settingsFile}`;
  return editedFiles(role, names, [{ path, from: '"poolSize": 5', to: '"poolSize": 2' }]);
}

async function fill({ postgres, names }: Lab): Promise<void> {
  await postgres.sql(
    names.database,
    `INSERT INTO ${names.tablePayments} (amount, reference, reconciled)
     SELECT 1, 'of-last-year-' || n, true FROM generate_series(1, ${rows}) n`,
  );
  await postgres.sql(names.database, `VACUUM ANALYZE ${names.tablePayments}`);
}
