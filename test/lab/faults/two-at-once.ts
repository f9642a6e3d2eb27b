import { abandonTransaction } from './abandoned-transaction.ts';
import { backlogGrows, backlogIsSmall, busy } from './queue.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

/** Two causes at one time: with one of them mended, users are served no better. */
export const fault: Fault = {
  name: 'two-at-once',
  description: 'A release breaks notifications while an abandoned transaction holds up the worker',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 5xx' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.ledger}`, kind: 'postgres.AbandonedTransaction' },
      { node: `${names.notification}/${names.nodes.code}`, kind: 'github.CodeRegression' },
    ],
    fixes: ['postgres.terminate-backend', 'github.revert-commit', 'aws-ecs.roll-back'],
    iterations: 3,
  },
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    await abandonTransaction(lab);
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    const path = mainFile(lab);
    const source = await edited(lab, 'notification', path, [['sent += 1;', 'sent += templates.length;']]);
    await lab.commit('notification', { message: 'Count notifications by their templates', files: { [path]: source } });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};
