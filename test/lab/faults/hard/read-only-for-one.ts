import type { Fault } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';
import { backlogGrows, busy } from '../queue.ts';

/**
 * Before they move a database, its keepers let nobody write to it. It shares its server with another one, whose users notice nothing,
 * and the server itself is as well as ever. To let writes in again is for its keepers.
 */
export const fault: Fault = {
  name: 'read-only-for-one',
  description: 'One of two databases of a server is made read-only: one service is refused what all others may do',
  session: { service: 'gateway', symptom: 'Checkouts are refused; the database is up and payments write to it' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.ledger}` }],
    fixes: [],
  },
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    const { postgres, names } = lab;
    await postgres.sql(names.ledger, `ALTER DATABASE ${names.ledger} SET default_transaction_read_only = on`);
    // It holds for connections that are made from then on.
    await postgres.sql(
      names.ledger,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${names.settlement}'`,
    );
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
