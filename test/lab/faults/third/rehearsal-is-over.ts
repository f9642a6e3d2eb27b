import { editedFiles } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { allHold, trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import { ledgerMoves } from '../ledger.ts';
import { backlogGrows, backlogIsSmall, busy } from '../queue.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

/** Where tables were looked for while it lasted. */
const schema = 'rehearsal';
/** Of a program, by its name. */
const sessions = 'FROM pg_stat_activity WHERE application_name = $1';

/**
 * A move of the database was rehearsed: sessions were ended, new ones had another search path, and after a moment all was put back as it
 * was. The worker connected within that moment, and PostgreSQL asks for such settings only once for each session. Its pool has kept the
 * connection ever since: it does not find a table that everybody else sees, and neither database, role nor program says why.
 */
export const fault: Fault = {
  name: 'rehearsal-is-over',
  description:
    'A search path was changed for a moment and put back; the worker connected in between and still finds no table',
  session: {
    service: 'gateway',
    symptom: 'Checkouts are refused since the rehearsal with the databases, and all of that has been put back',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.compute}` },
      { node: `${names.settlement}/${names.nodes.ledger}` },
    ],
    // Whatever has the worker connect anew: new tasks of the same definition, or the end of the session that it has.
    fixes: ['aws-ecs.force-new-deployment', 'postgres.terminate-backend', 'github-actions.dispatch'],
    iterations: 2,
  },
  prepare: postingInTransactions,
  async inject(lab) {
    const { names, logins, postgres } = lab;
    await lab.until('the worker to keep up', () => trafficIsServed(lab), 60_000);
    const ofWorker = `ALTER ROLE ${logins.services.user} IN DATABASE ${names.ledger}`;
    await postgres.sql('postgres', `${ofWorker} SET search_path = ${schema}`);
    const since = new Date();
    await postgres.sql('postgres', `SELECT pg_terminate_backend(pid) ${sessions}`, [names.settlement]);
    await lab.until('the worker to be connected again', () => hasConnected(lab, since));
    await postgres.sql('postgres', `${ofWorker} RESET search_path`);
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => ledgerMoves(lab),
    ),
};

/** Whether a session of the worker's was begun and asked something since then. The database runs on this machine, and has its clock. */
async function hasConnected({ postgres, names }: Lab, since: Date): Promise<boolean> {
  const text = `SELECT pid ${sessions} AND backend_start > $2 AND query_start IS NOT NULL`;
  return (await postgres.sql('postgres', text, [names.settlement, since])).length > 0;
}

/** A worker that posts what merchants get and what is kept for it together, and gives its connection back whatever came of it. */
function postingInTransactions(names: WorldNames): Preparation {
  const update = `UPDATE ${names.tableAccounts} SET balance = balance + $1 WHERE name = $2`;
  const edits = [
    {
      path: 'src/post.js',
      from: `  await pool.query('${update}', [total, 'merchant']);\n`,
      to: `  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('${update}', [total, 'merchant']);
    await client.query('${update}', [total / 100, 'fees']);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
`,
    },
  ];
  return {
    requestsPerSecond: busy,
    files: (role) => (role === 'settlement' ? editedFiles(role, names, edits) : {}),
  };
}
