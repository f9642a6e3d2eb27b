import { deployByHand, withVariable } from '../definition.ts';
import type { Fault } from '../fault.ts';
import { allHold, trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import { ledgerMoves } from '../ledger.ts';
import { backlogGrows, backlogIsSmall, busy } from '../queue.ts';
import { createQueues } from '../../world/queues.ts';

/**
 * Somebody tried the worker against the queue of the next quarter, past the pipeline, and went home. It runs, it is healthy, its queue
 * is there and empty, and nothing anywhere is an error but that nobody takes what payments hand over.
 */
export const fault: Fault = {
  name: 'works-on-another-queue',
  description:
    'By hand a variable of the worker names another queue, which exists and is empty: it idles while its own one fills',
  session: { service: 'gateway', symptom: 'Checkouts are refused since last night, and nobody has released anything' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.compute}` }],
    // What main says is right, so that to deploy main once more is as good as to take the revision back.
    fixes: ['aws-ecs.update-task-definition', 'aws-ecs.roll-back', 'github-actions.dispatch'],
    iterations: 2,
  },
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    const other = `${lab.names.queue}-q3`;
    await lab.until('the worker to keep up', () => trafficIsServed(lab), 60_000);
    await createQueues({ sqs: lab.sqs, names: { ...lab.names, queue: other }, parts: new Set() });
    await deployByHand(lab, 'settlement', (container) => withVariable(container, 'QUEUE_NAME', other));
    await lab.awaitRollout('settlement');
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => ledgerMoves(lab),
    ),
};
