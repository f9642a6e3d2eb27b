import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpServersMs as makeMs, mcpServersVenv } from '../parts/mcp-servers.ts';
import { motoVenv } from '../parts/moto.ts';
import type { PythonVenv } from '../parts/python.ts';
import { calls } from './conformance/calls.ts';
import { boto3Client, ecsMcpClient, sdkClient } from './conformance/clients.ts';
import { recordingProxy, type Exchange, type RecordingProxy } from './conformance/recording-proxy.ts';
import { runCalls } from './conformance/run-calls.ts';
import { startTestLab, type TestLab } from './fixtures/lab.ts';

const progress = (line: string): void => console.error(line);
const folder = mkdtempSync(join(tmpdir(), 'threehops-ecs-conformance-'));
let boto: PythonVenv;
let lab: TestLab;
let proxy: RecordingProxy;

beforeAll(async () => {
  boto = await motoVenv({ signal: AbortSignal.timeout(makeMs), progress });
  lab = await startTestLab();
  proxy = await recordingProxy(lab.ecs.url);
}, makeMs);

afterAll(async () => {
  await proxy.close();
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What botocore's service model has against the answers. */
function complaints(exchanges: readonly Exchange[]): string[] {
  const script = fileURLToPath(new URL('conformance/validate.py', import.meta.url));
  const answer = spawnSync(boto.python, [script], { input: JSON.stringify(exchanges), encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(answer.stderr);
  return JSON.parse(answer.stdout) as string[];
}

describe('the list of calls', () => {
  it('is answered to AWS SDK v3 as it expects', async () => {
    const client = sdkClient(proxy.url, lab.ecs.region);
    expect(await runCalls(client, calls)).toEqual([]);
    await client.close();
  });

  it('is answered to boto3 as it expects, and its waiters work', async () => {
    const client = boto3Client(boto, proxy.url, lab.ecs.region);
    const kept = {};
    const update = calls.findIndex(({ call }) => call === 'UpdateService') + 1;
    expect(await runCalls(client, calls.slice(0, update), kept)).toEqual([]);
    const services = { cluster: 'boto', services: ['shop'] };
    expect(await client.wait('services_stable', services)).toEqual({ result: {} });
    expect(await runCalls(client, calls.slice(update), kept)).toEqual([]);
    expect(await client.wait('services_inactive', services)).toEqual({ result: {} });
    await client.close();
  });

  it(
    'is answered to awslabs ecs-mcp-server as it expects',
    async () => {
      const venv = await mcpServersVenv({ signal: AbortSignal.timeout(makeMs), progress });
      const client = await ecsMcpClient(venv, folder, proxy.url, lab.ecs.region);
      expect(await runCalls(client, calls)).toEqual([]);
      await client.close();
    },
    makeMs,
  );

  it('was answered, each time and to everyone, as botocore’s service model says', () => {
    const operations = new Set(calls.map(({ call }) => call));
    expect(new Set(proxy.exchanges.map(({ operation }) => operation))).toEqual(operations);
    expect(proxy.exchanges.length).toBeGreaterThan(3 * calls.length);
    expect(complaints(proxy.exchanges)).toEqual([]);
  });
});

describe('the check itself', () => {
  it('finds unknown members, wrong types, missing members, foreign values and foreign errors', () => {
    const wrong = {
      services: [{ serviceName: 1, shoeSize: 43, createdAt: '2026-01-01', launchType: 'ROCKET' }],
      failures: {},
    };
    const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true } } };
    expect(
      complaints([
        { operation: 'DescribeServices', status: 200, body: wrong },
        { operation: 'UpdateService', status: 200, body: { service: breaker } },
        { operation: 'ListTasks', status: 400, body: { __type: 'NoSuchBucket', message: '' } },
      ]),
    ).toHaveLength(7);
  });
});
