import type { Fault } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';

/** What an integer of PostgreSQL holds. */
const largest = 2_147_483_647;
/** Payments that are still taken. */
const left = 8;

/**
 * The column was widened years ago, in time, and the sequence that it takes its numbers from was forgotten. Today it has given its last
 * one. Program and table are right, nothing was released, no session is in anybody's way; the sequence is for whoever owns the schema.
 */
export const fault: Fault = {
  name: 'sequence-runs-out',
  description:
    'The sequence of the payments’ ids still has 32 bits, and has given its last one: no row can be added any more',
  session: { service: 'gateway', symptom: 'All checkouts fail all of a sudden; the database is up and can be read' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.database}` }],
    fixes: [],
  },
  async inject(lab) {
    const { postgres, names } = lab;
    const sequence = `${names.tablePayments}_id_seq`;
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await postgres.sql(names.database, `ALTER SEQUENCE ${sequence} AS integer`);
    await postgres.sql(names.database, `SELECT setval('${sequence}', ${largest - left})`);
    await lab.until('users to see it', () => trafficFails(lab, 0.9), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
