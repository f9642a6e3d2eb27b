import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMoto, motoVenv, type Moto } from './moto.ts';
import { run } from './run.ts';

const control = new AbortController();
const { signal } = control;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-moto-'));
let moto: Moto;

beforeAll(async () => {
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
}, 300_000);

afterAll(async () => {
  await moto.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('AWS SDK v3 works on it, and reset forgets', async () => {
  const sqs = new SQSClient(moto.clientConfig);
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const before = await sqs.send(new ListQueuesCommand({}));
  expect(before.QueueUrls).toEqual([`${moto.url}/${moto.accountId}/orders`]);
  await moto.reset();
  const after = await sqs.send(new ListQueuesCommand({}));
  expect(after.QueueUrls ?? []).toEqual([]);
});

test('STS names the account that the part names', async () => {
  const identity = await new STSClient(moto.clientConfig).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe(moto.accountId);
});

test('a child process with its environment reaches it by boto3', async () => {
  const venv = await motoVenv({ signal, progress: () => undefined });
  const script = 'import boto3; print(boto3.client("sts").get_caller_identity()["Account"])';
  const account = await run(venv.python, ['-c', script], { signal, env: { ...process.env, ...moto.env } });
  expect(account).toBe(moto.accountId);
});

test('the scripts of its environment name an interpreter that exists', async () => {
  const venv = await motoVenv({ signal, progress: () => undefined });
  expect(await run(venv.bin('moto_server'), ['--help'], { signal })).toContain('--port');
});

test('stopping it ends its process', async () => {
  const stopping = new AbortController();
  const folder = join(dataDir, 'second');
  const second = await startMoto({ dataDir: folder, signal: stopping.signal, progress: () => undefined });
  stopping.abort();
  await second.stop();
  await expect(fetch(second.url)).rejects.toThrow('fetch failed');
});
