import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { probe } from '../../../skills/aws-sqs/probe.ts';
import { server } from '../../../skills/aws-sqs/server/server.ts';
import type { ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';

const signal = new AbortController().signal;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-sqs-'));
let moto: Moto;
let sqs: SQSClient;
let tools: HarnessTools;

beforeAll(async () => {
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
  sqs = new SQSClient(moto.clientConfig);
  const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
  tools = toolsFor(server, { region: moto.region, endpoint: moto.url }, credentials);
});
afterAll(async () => {
  await tools?.close();
  await moto?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function queueWith(name: string, messages: number, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  for (let sent = 0; sent < messages; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  return QueueUrl;
}

function context(parameters: JsonObject): ProbeContext {
  const node = { id: 'shop/queue', name: 'queue', type: 'queue', with: { observeSeconds: 1, ...parameters } };
  return { node, tools, clock: systemClock, window: { from: new Date(Date.now() - 60_000), to: new Date() }, signal };
}

it('a queue that nobody consumes is told, by its name', async () => {
  await queueWith('lonely', 40);
  await queueWith('lonely-not', 10);
  const { findings, gaps } = await probe(context({ queueName: 'lonely', maxDepth: 20 }));
  expect(gaps).toEqual([]);
  expect(findings.map(({ kind, value }) => [kind, value])).toEqual([
    ['aws-sqs.DepthHigh', 40],
    ['aws-sqs.NoConsumer', 0],
  ]);
});

it('messages in flight are seen, and the queue is reached at the configured endpoint whatever host its URL names', async () => {
  const url = await queueWith('held', 30);
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }));
  const elsewhere = url.replace(/^https?:\/\/[^/]+/, 'http://queue.invalid');
  const { findings } = await probe(context({ queueUrl: elsewhere, maxDepth: 5 }));
  expect(findings.map(({ kind }) => kind)).toEqual(['aws-sqs.DepthHigh', 'aws-sqs.ConsumerStalled']);
  expect(findings[0]?.facts).toMatchObject({ visible: 20, inFlight: 10 });
});

it('a dead-letter queue is found by the redrive policy, with the letters in it', async () => {
  const dead = await queueWith('parcels-dead', 0);
  const arn = `arn:aws:sqs:${moto.region}:${moto.accountId}:parcels-dead`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
  await queueWith('parcels', 0, { RedrivePolicy });
  await sqs.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: 'lost' }));
  expect((await probe(context({ queueName: 'parcels' }))).findings).toMatchObject([
    {
      kind: 'aws-sqs.DeadLetters',
      severity: 'Info',
      value: 1,
      facts: { deadLetterQueue: 'parcels-dead', maxReceiveCount: 1 },
    },
  ]);
});

it('a queue that is worked on is well', async () => {
  const QueueUrl = await queueWith('busy', 20);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2, VisibilityTimeout: 60 }));
  expect((await probe(context({ queueUrl: QueueUrl }))).findings).toEqual([]);
});

it('an endpoint that the dialer refuses is not reached', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  await using refused = toolsFor(server, { region: moto.region, endpoint: 'http://169.254.169.254' }, credentials);
  await expect(refused.call('list_queues', {}, signal)).rejects.toMatchObject({ code: 'HostRefused' });
});
