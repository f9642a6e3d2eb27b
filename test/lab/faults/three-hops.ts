import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import pg from 'pg';
import type { Lab } from '../world/lab.ts';
import type { Fault, Judgement } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

/** More than this many messages wait only where nobody consumes them. */
const ordinaryBacklog = 40;

/** Somebody's script began a transaction, touched a row that everybody needs, and was forgotten. */
export const fault: Fault = {
  name: 'three-hops',
  description:
    'An abandoned transaction locks a row: the worker waits, the queue fills, payments shed load, the gateway fails',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 5xx at the front door' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.ledger}`, kind: 'postgres.AbandonedTransaction' }],
    fixes: ['postgres.terminate-backend'],
    iterations: 1,
  },
  async inject(lab) {
    await abandonTransaction(lab);
    await lab.until('the backlog to grow', async () => (await waiting(lab)) > ordinaryBacklog, 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3));
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};

/** Stays connected, and in its transaction, until somebody ends it or the lab ends. */
async function abandonTransaction({ postgres, logins, names, signal }: Lab): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(names.ledger, logins.services),
    application_name: 'month-end-close',
  });
  // To be ended from outside is what this connection is for.
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  await client.query('BEGIN');
  await client.query(`UPDATE ${names.tableAccounts} SET balance = balance WHERE name = 'merchant'`);
}

async function waiting({ sqs, queueUrl }: Lab): Promise<number> {
  const asked = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const { Attributes } = await sqs.send(asked);
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

async function backlogIsSmall(lab: Lab): Promise<Judgement> {
  const messages = await waiting(lab);
  return { healed: messages <= ordinaryBacklog, seen: `${messages} messages wait` };
}
