import type { Lab } from '../world/lab.ts';
import type { ServiceRole, WorldNames } from '../world/names.ts';
import { editedFiles } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from './judge.ts';

/** Payments of half a year. */
const rows = 1_250_000;
/** How long it takes at least to read all of them: six in a second are more than the database can do. */
const readMs = 250;
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
  prepare: (names) => ({
    files: (role) => (role === 'payments' ? narrowPool(role, names) : {}),
    requestsPerSecond: 6,
  }),
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

/** As many half years as make it long enough on this machine. */
async function fill({ postgres, names }: Lab): Promise<void> {
  const { database, tablePayments } = names;
  for (let began = 0, took = 0; took < readMs; began += rows) {
    await postgres.sql(
      database,
      `INSERT INTO ${tablePayments} (amount, reference, reconciled)
       SELECT 1, 'of-last-year-' || n, true FROM generate_series(${began + 1}, ${began + rows}) n`,
    );
    await postgres.sql(database, `VACUUM ANALYZE ${tablePayments}`);
    took = Math.min(await timeToRead(), await timeToRead());
  }

  async function timeToRead(): Promise<number> {
    const before = performance.now();
    await postgres.sql(database, `SELECT count(*) FROM ${tablePayments} WHERE reference || '' = 'nobody'`);
    return performance.now() - before;
  }
}
