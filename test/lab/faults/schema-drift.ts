import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** The release counts on a column that the migration of this database never made. No action that is allowed makes one. */
export const fault: Fault = {
  name: 'schema-drift',
  description: 'A migration was not applied to the database: each checkout names a column that is not there',
  session: { service: 'gateway', symptom: 'Every checkout is answered with 500' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.SchemaDrift' }],
    fixes: [],
  },
  async inject(lab) {
    const { postgres, names } = lab;
    await postgres.sql(names.database, `ALTER TABLE ${names.tablePayments} DROP COLUMN reference`);
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
