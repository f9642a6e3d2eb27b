import { edited } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { allHold, trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import { backlogGrows, backlogIsSmall, busy } from '../queue.ts';
import { variantFiles } from '../../world/repositories.ts';

const path = 'src/post.js';

/**
 * Five workers wait for the bank at the same time, three seconds each. A release has them do so with the merchants' row locked: now one
 * waits for the bank and four for that one. Nothing fails, nobody is busy, and each lock is short; whichever session is ended, the next
 * one does the same. What is settled falls from sixteen payments a second to three.
 */
export const fault: Fault = {
  name: 'bank-within-the-transaction',
  description:
    'A release of the worker waits for the bank with a row locked: its workers queue for it, and cannot keep up any more',
  session: {
    service: 'gateway',
    symptom: 'More than half of the checkouts are refused; the database has nothing to do',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.code}` },
      { node: `${names.settlement}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    // To end sessions helps nobody: others take their place.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    iterations: 2,
  },
  prepare: (names) => ({
    requestsPerSecond: busy,
    files: (role) => (role === 'settlement' ? variantFiles('posts-to-a-slow-ledger', role, names) : {}),
  }),
  async inject(lab) {
    await lab.until('five workers to keep up', () => trafficIsServed(lab), 60_000);
    const update = `UPDATE ${lab.names.tableAccounts} SET balance = balance + $1 WHERE name = $2`;
    const separate = `  await delay(bankMs);\n  await pool.query('${update}', [total, 'merchant']);\n`;
    const together = `  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('${update}', [total, 'merchant']);
    await delay(bankMs);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
`;
    const source = await edited(lab, 'settlement', path, [[separate, together]]);
    await lab.commit('settlement', {
      message: 'Post nothing that the bank has not been told of: both in one transaction',
      files: { [path]: source },
    });
    await lab.awaitRollout('settlement');
    await lab.until('the backlog to grow', () => backlogGrows(lab), 90_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      // From one batch to the next it takes three seconds; with the steady traffic this is below what the healthy worker can do.
      () => usersAreServed(lab, { requests: 40, requestsPerSecond: 5 }),
      () => backlogIsSmall(lab),
    ),
};
