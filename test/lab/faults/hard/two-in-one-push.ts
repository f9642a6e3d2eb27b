import { badRelease } from '../bad-release.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';

const harmless = 'Say for how long a task has been up';

/** The newest commit is the one that everybody looks at. It came with another one, of the same file, and did nothing. */
export const fault: Fault = {
  name: 'two-in-one-push',
  description: 'Two commits are deployed as one release: the older one throws on each payment, the newest is harmless',
  session: { service: 'gateway', symptom: 'No checkout works since the last release of payments' },
  expected: {
    ...badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'], iterations: 2 }),
    isRight: ({ rationale = '' }) => !rationale.includes(harmless),
  },
  async inject(lab) {
    const path = mainFile(lab);
    const throwing = await edited(lab, 'payments', path, [
      [
        'queue.send({ id, amount: body.amount })',
        'queue.send({ id, amount: body.amount, customer: body.customer.id })',
      ],
    ]);
    await lab.forge.commit(lab.repository('payments'), {
      message: 'Settle by customer',
      files: { [path]: throwing },
      author: { name: 'Dana Developer', email: 'dana@lab.localhost' },
      runWorkflows: false,
    });
    const both = await edited(lab, 'payments', path, [
      ['ok: true, rates: rates.length', 'ok: true, rates: rates.length, upSeconds: Math.round(process.uptime())'],
    ]);
    await lab.commit('payments', { message: harmless, files: { [path]: both } });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
