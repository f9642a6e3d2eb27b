import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { mendedBacklog, mendMessage, prepareForgetfulPayments, runsMended } from './handed-over.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

/** The commit that mends everything is on main, and the pipeline was told to leave it alone. */
export const fault: Fault = {
  name: 'skipped-pipeline',
  description: 'The mend is on main and did not reach ECS: its message asks the pipeline to skip it',
  session: { service: 'payments', symptom: 'Checkouts are refused; the mend was merged and changed nothing' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.pipeline}`, kind: 'github-actions.PipelineSkipped' }],
    fixes: ['github-actions.dispatch'],
    iterations: 1,
  },
  prepare: prepareForgetfulPayments,
  async inject(lab) {
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
    // Whoever mends it has looked at it for a while.
    await delay(20_000, undefined, { signal: lab.signal });
    await lab.forge.commit(lab.repository('payments'), {
      message: `${mendMessage} [skip ci]`,
      files: mendedBacklog(lab),
      author: { name: 'Dana Developer', email: 'dana@lab.localhost' },
    });
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => runsMended(lab),
    ),
};
