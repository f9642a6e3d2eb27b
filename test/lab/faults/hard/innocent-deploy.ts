import { holdTransaction } from '../abandoned-transaction.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';

/** Everything speaks for the release: it is of the service that fails, and it failed seconds after it. */
export const fault: Fault = {
  name: 'innocent-deploy',
  description:
    'A harmless release is deployed, and right after it an abandoned transaction locks the table of payments',
  session: { service: 'gateway', symptom: 'Checkouts time out since payments were deployed' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.AbandonedTransaction' },
      { node: `${names.payments}/${names.nodes.database}`, kind: 'postgres.LongTransaction' },
    ],
    fixes: ['postgres.terminate-backend'],
    iterations: 1,
  },
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'payments', path, [
      ['ok: true, rates: rates.length', 'ok: true, rates: rates.length, upSeconds: Math.round(process.uptime())'],
    ]);
    await lab.commit('payments', { message: 'Say for how long a task has been up', files: { [path]: source } });
    await lab.awaitRollout('payments');
    const { database, tablePayments } = lab.names;
    const statement = `LOCK TABLE ${tablePayments} IN EXCLUSIVE MODE`;
    await holdTransaction(lab, { database, application: 'schema-check', statement });
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
