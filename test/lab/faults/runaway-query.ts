import pg from 'pg';
import type { Lab } from '../world/lab.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** A report that wants figures that stand still locks the table for as long as it counts, and it counts for hours. */
export const fault: Fault = {
  name: 'runaway-query',
  description: 'A report locks the payments against writes and counts them over and over: no checkout gets through',
  session: { service: 'payments', symptom: 'Checkouts time out' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.RunawayQuery' },
      { node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.LongTransaction' },
    ],
    fixes: ['postgres.cancel-backend', 'postgres.terminate-backend'],
    iterations: 1,
  },
  async inject(lab) {
    await startReport(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** One text, so one transaction: it ends when its statement does, whichever way. */
async function startReport({ postgres, logins, names, signal }: Lab): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(names.database, logins.services),
    application_name: 'quarterly-report',
  });
  // To be cancelled or ended from outside is what this connection is for.
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  const table = names.tablePayments;
  const report = `LOCK TABLE ${table} IN SHARE MODE; SELECT count(pg_sleep(0.01)) FROM generate_series(1, 1000000), (SELECT count(*) FROM ${table}) AS n`;
  client.query(report).catch(() => undefined);
}
