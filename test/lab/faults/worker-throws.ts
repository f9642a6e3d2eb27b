import { badRelease } from './bad-release.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';
import { backlogGrows, backlogIsSmall, busy } from './queue.ts';

/** The worker takes messages and puts them back: it runs, it is healthy, and nothing is settled. */
export const fault: Fault = {
  name: 'worker-throws',
  description: 'A release of the worker throws on each message: the queue fills, payments shed load, the gateway fails',
  session: { service: 'gateway', symptom: 'More and more checkouts are answered with 502' },
  expected: badRelease('settlement', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'settlement', path, [
      [
        'await post(payments);',
        'for (const payment of payments) payment.currency = payment.currency.toUpperCase();\n  await post(payments);',
      ],
    ]);
    await lab.commit('settlement', { message: 'Settle in the currency of the payment', files: { [path]: source } });
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};
