import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Fault } from './fault.ts';
import { allHold, usersAreServed } from './judge.ts';
import { ledgerMoves } from './ledger.ts';

/** A quarter of an hour, the most that there is. */
const longest = '900';

/** Nobody is ill: what is sent is kept back by the queue itself, and the worker has nothing to do. */
export const fault: Fault = {
  name: 'delivery-delayed',
  description: 'Somebody lets the queue keep each message back for a quarter of an hour: nothing is settled meanwhile',
  session: { service: 'payments', symptom: 'Merchants miss the payments that customers have just made' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.queue}`, kind: 'aws-sqs.DelayTooLong' }],
    fixes: [],
  },
  async inject(lab) {
    const { sqs, queueUrl: QueueUrl } = lab;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: longest } }));
    // Nobody misses a payment at once.
    await lab.until('the ledger to stand still for a while', async () => !(await ledgerMoves(lab, 10)).healed, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => ledgerMoves(lab),
    ),
};
