import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorldNames } from './names.ts';
import type { LabPart } from './parts.ts';

export interface Queues {
  readonly queueUrl: string;
  /** Of the part `dead-letters`. */
  readonly deadLettersUrl?: string;
}

/** As short as the worker's longest settlement: what it left comes back soon, and is put aside soon. */
const visibilitySeconds = 5;
const mostReceipts = 2;

interface Account {
  readonly sqs: SQSClient;
  readonly names: WorldNames;
  readonly parts: ReadonlySet<LabPart>;
}

/** The queue between payments and the worker, with another one behind it for what nobody can settle where that part is there. */
export async function createQueues({ sqs, names, parts }: Account): Promise<Queues> {
  if (!parts.has('dead-letters')) return { queueUrl: await create(sqs, names.queue) };
  const deadLettersUrl = await create(sqs, names.deadLetters);
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: await arnOf(sqs, deadLettersUrl),
    maxReceiveCount: mostReceipts,
  });
  const attributes = { RedrivePolicy, VisibilityTimeout: String(visibilitySeconds) };
  return { queueUrl: await create(sqs, names.queue, attributes), deadLettersUrl };
}

async function create(sqs: SQSClient, QueueName: string, Attributes?: Record<string, string>): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(asked)).Attributes?.['QueueArn'] ?? '';
}
