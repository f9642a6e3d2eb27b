import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { variantFiles } from '../world/repositories.ts';
import type { Fault } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';
import { backlogIsSmall, busy, ordinaryBacklog, waiting } from './queue.ts';

/** To have failed messages tried again at once, somebody hides none from the other workers; a bank takes three seconds to answer. */
export const fault: Fault = {
  name: 'visibility-too-short',
  description: 'Messages come back while they are worked on: everything is done again and again, and the queue fills',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 5xx, the worker is busy and falls behind' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.queue}`, kind: 'aws-sqs.VisibilityTimeoutTooShort' }],
    fixes: ['aws-sqs.set-visibility-timeout'],
    iterations: 1,
  },
  prepare: (names) => ({
    requestsPerSecond: busy,
    files: (role) => (role === 'settlement' ? variantFiles('posts-to-a-slow-ledger', role, names) : {}),
  }),
  async inject(lab) {
    const { sqs, queueUrl: QueueUrl } = lab;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '0' } }));
    await lab.until('the backlog to grow', async () => (await waiting(lab)) > ordinaryBacklog, 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};
