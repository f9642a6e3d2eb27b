import { badRelease } from './bad-release.ts';
import { edited } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const path = 'src/database.js';

/** Each payment keeps a connection for itself, in a transaction that nobody ends: the next ones wait for a free one in vain. */
export const fault: Fault = {
  name: 'pool-exhaustion',
  description: 'A release takes a connection of the pool for each payment and gives none back: the pool is used up',
  session: { service: 'gateway', symptom: 'A few seconds after the last deploy all checkouts began to fail' },
  expected: badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  async inject(lab) {
    const source = await edited(lab, 'payments', path, [
      [
        'const { rows } = await pool.query(text, [amount, reference]);',
        "const client = await pool.connect();\n  await client.query('BEGIN');\n  const { rows } = await client.query(text, [amount, reference]);",
      ],
    ]);
    await lab.commit('payments', { message: 'Take payments in a transaction', files: { [path]: source } });
    await lab.until('users to see it', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};
