import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { redriveDeadLetters } from '../../../skills/aws-sqs/actions/redrive-dead-letters.ts';
import { setVisibilityTimeout } from '../../../skills/aws-sqs/actions/set-visibility-timeout.ts';
import { probe } from '../../../skills/aws-sqs/probe.ts';
import { server } from '../../../skills/aws-sqs/server/server.ts';
import type { ActionContext, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';
import { startMessageMoves } from '../../lab/sqs/message-moves.ts';

const end = new AbortController();
const { signal } = end;
const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-sqs-'));
let moto: Moto;
let sqs: SQSClient;
let tools: HarnessTools;

beforeAll(async () => {
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
  sqs = new SQSClient(moto.clientConfig);
  tools = toolsFor(server, { region: moto.region, endpoint: moto.url }, credentials);
});
afterAll(async () => {
  await tools?.close();
  end.abort();
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
    { kind: 'aws-sqs.RedrivesAtOnce', severity: 'Info', value: 1 },
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
  const settings = { region: moto.region, endpoint: 'http://169.254.169.254' };
  await using refused = toolsFor(server, settings, { accessKeyId: 'a', secretAccessKey: 'b' });
  await expect(refused.call('list_queues', {}, signal)).rejects.toMatchObject({ code: 'HostRefused' });
});

function writing(allowedAccounts: readonly string[], endpoint = moto.url): HarnessTools {
  const settings = { region: moto.region, endpoint, allowedAccounts: [...allowedAccounts] };
  return toolsFor(server, settings, credentials, { access: 'ReadWrite' });
}

function acting(by: HarnessTools, queueName: string): ActionContext {
  const { node, clock } = context({ queueName });
  return { node, tools: by, clock, signal, manifestPaths: [], readFile: () => Promise.resolve(undefined) };
}

async function timeoutOf(QueueUrl: string): Promise<string | undefined> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
  return (await sqs.send(asked)).Attributes?.['VisibilityTimeout'];
}

describe('the visibility timeout', () => {
  const action = setVisibilityTimeout;

  it('is raised once, recognised, seen as a change of the queue, and taken back', async () => {
    const QueueUrl = await queueWith('hasty', 0, { VisibilityTimeout: '1' });
    expect(
      (await probe(context({ queueName: 'hasty', processingSeconds: 4, observeSeconds: 3 }))).findings,
    ).toMatchObject([
      { kind: 'aws-sqs.VisibilityTimeoutShort', value: 1, threshold: 4, facts: { processingSeconds: 4 } },
    ]);
    await using tools = writing([moto.accountId]);
    const by = acting(tools, 'hasty');
    const rendered = await action.render(by, { seconds: 12 });
    expect(rendered.diff).toContain('- visibility timeout: 1 s\n+ visibility timeout: 12 s');
    expect(await action.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Absent' });
    expect(await action.unchanged?.(by, rendered)).toBe(true);
    const evidence = await action.execute?.(by, rendered.frozen, '');
    expect(await timeoutOf(QueueUrl)).toBe('12');
    expect(await action.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Happened' });
    expect(await action.settled?.(by, rendered.frozen, evidence ?? {})).toMatchObject({ state: 'Settled' });
    expect(await action.unchanged?.(by, rendered)).toBe(false);
    const { changes } = await probe(context({ queueName: 'hasty' }));
    expect(changes).toMatchObject([{ kind: 'Configuration', facts: { visibilityTimeoutSeconds: 12 } }]);
    await action.execute?.(by, action.rollback?.(rendered.frozen, evidence ?? {}) ?? {}, '');
    expect(await timeoutOf(QueueUrl)).toBe('1');
  });

  it('is left alone when somebody else has set it, in an account that is not allowed, and by whoever may only read', async () => {
    const QueueUrl = await queueWith('guarded', 0);
    await using tools = writing([moto.accountId]);
    const { frozen } = await action.render(acting(tools, 'guarded'), { seconds: 60 });
    await using foreign = writing(['999999999999']);
    await using nobody = writing([]);
    const refused = { code: 'AccountNotAllowed' };
    await expect(action.execute?.(acting(foreign, 'guarded'), frozen, '')).rejects.toMatchObject(refused);
    await expect(action.execute?.(acting(nobody, 'guarded'), frozen, '')).rejects.toMatchObject(refused);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
    await expect(action.execute?.(acting(tools, 'guarded'), frozen, '')).rejects.toMatchObject({
      code: 'TimeoutChanged',
    });
    expect(await action.probe?.(acting(tools, 'guarded'), frozen, '')).toMatchObject({ verdict: 'Unknown' });
    expect(await timeoutOf(QueueUrl)).toBe('7');
  });
});

describe('dead letters', () => {
  const action = redriveDeadLetters;

  it('are moved back once, whoever started it, and never more than were meant', async () => {
    const dead = await queueWith('bills-dead', 0);
    const arn = `arn:aws:sqs:${moto.region}:${moto.accountId}:bills-dead`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 });
    await queueWith('bills', 0, { RedrivePolicy });
    await using tools = writing([moto.accountId], await startMessageMoves(moto.url, sqs, signal));
    const by = acting(tools, 'bills');
    await expect(action.render(by, {})).rejects.toMatchObject({ code: 'NoLetters' });
    await sqs.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: 'one' }));
    await sqs.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: 'two' }));
    await expect(action.render(by, { maxLetters: 1 })).rejects.toMatchObject({ code: 'AboveLimit' });
    const { frozen } = await action.render(by, {});
    expect(await action.probe?.(by, frozen, '')).toMatchObject({ verdict: 'Absent' });
    const evidence = await action.execute?.(by, frozen, '');
    expect(evidence).toMatchObject({ letters: 2 });
    expect(await action.probe?.(by, frozen, '')).toMatchObject({ verdict: 'Happened', evidence: { letters: 2 } });
    expect(await action.settled?.(by, frozen, evidence ?? {})).toMatchObject({ state: 'Settled' });
    await sqs.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: 'three' }));
    await expect(action.execute?.(by, frozen, '')).rejects.toMatchObject({ code: 'MoveChanged' });
    const { findings } = await probe(context({ queueName: 'bills', maxDepth: 1 }));
    expect(findings).toMatchObject([
      { kind: 'aws-sqs.DepthHigh', value: 2 },
      { kind: 'aws-sqs.DeadLetters', value: 1 },
    ]);
  });
});
