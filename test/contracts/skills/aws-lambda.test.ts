import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { setConcurrency } from '../../../skills/aws-lambda/actions/set-concurrency.ts';
import { updateConfiguration } from '../../../skills/aws-lambda/actions/update-configuration.ts';
import { invocationsOk } from '../../../skills/aws-lambda/checks.ts';
import { settingsOf } from '../../../skills/aws-lambda/parameters.ts';
import { probe } from '../../../skills/aws-lambda/probe.ts';
import { server } from '../../../skills/aws-lambda/server/server.ts';
import type { ActionContext, ActionType, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Insights, startInsights } from '../../lab/insights/server.ts';
import { createRole } from '../../lab/lambda/role.ts';
import { type LambdaEndpoint, type LambdaOptions, startLambda } from '../../lab/lambda/endpoint.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';

/** Real handlers, in processes of their own, behind Lambda's API. */

const end = new AbortController();
const { signal } = end;
const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-lambda-'));
const code = join(dataDir, 'code');
let moto: Moto;
let insights: Insights;
let lambda: LambdaEndpoint;
let client: LambdaClient;
let tools: HarnessTools;
let role: string;

/** Does what it is asked to, with what its environment gives it. */
const handlers = `
const { setTimeout: delay } = require('node:timers/promises');
const kept = [];
exports.handler = async ({ waitMs = 0, mebibytes = 0, fail }) => {
  if (mebibytes > 0) kept.push(Buffer.alloc(mebibytes * 1024 * 1024, 1));
  if (fail) throw new Error(fail + ' with ' + process.env.GREETING);
  await delay(waitMs);
  return { greeting: process.env.GREETING, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE };
};
`;

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  mkdirSync(code);
  writeFileSync(join(code, 'index.js'), handlers);
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
  role = await createRole(moto.clientConfig, 'functions');
  insights = await startInsights({ motoUrl: moto.url, signal });
  lambda = await endpoint();
  client = new LambdaClient({ ...moto.clientConfig, endpoint: lambda.url, maxAttempts: 1 });
  tools = toolsFor(server, settings([]), credentials);
});
afterAll(async () => {
  await tools?.close();
  client?.destroy();
  await lambda?.stop();
  end.abort();
  await moto?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function endpoint(more: Pick<LambdaOptions, 'accountConcurrency'> = {}): Promise<LambdaEndpoint> {
  const resolveImage: LambdaOptions['resolveImage'] = async () => ({ cwd: code, command: [] });
  return startLambda({ dataDir, moto: moto.clientConfig, resolveImage, signal, ...more });
}

function settings(allowedAccounts: string[], at = lambda.url): JsonObject {
  const { region } = moto;
  return { region, endpoint: insights.url, endpoints: { lambda: at }, allowedAccounts };
}

/** A function with version 1 published, as one is before somebody changes it. */
async function deploy(
  FunctionName: string,
  more: { readonly Timeout?: number; readonly MemorySize?: number } = {},
  by = client,
) {
  await by.send(
    new CreateFunctionCommand({
      FunctionName,
      PackageType: 'Image',
      Code: { ImageUri: `registry.test/${FunctionName}:1` },
      ImageConfig: { Command: ['index.handler'] },
      Role: role,
      Environment: { Variables: { GREETING: 'hello' } },
      DeadLetterConfig: { TargetArn: `arn:aws:sqs:${moto.region}:${moto.accountId}:dead` },
      ...more,
    }),
  );
  await by.send(new PublishVersionCommand({ FunctionName }));
}

async function invoke(
  FunctionName: string,
  payload: JsonObject,
  by = client,
): Promise<{ error: string | undefined; answer: unknown }> {
  const command = new InvokeCommand({ FunctionName, Payload: new TextEncoder().encode(JSON.stringify(payload)) });
  const { FunctionError, Payload } = await by.send(command);
  return { error: FunctionError, answer: JSON.parse(new TextDecoder().decode(Payload)) };
}

function context(functionName: string, by: HarnessTools = tools): ProbeContext {
  const parameters = { functionName, metricPeriodSeconds: 1 };
  const node = { id: 'shop/function', name: 'function', type: 'function', with: parameters };
  const window = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 2000) };
  return { node, tools: by, clock: systemClock, window, signal };
}

async function findingsOf(functionName: string, by: HarnessTools) {
  const { findings, gaps } = await probe(context(functionName, by));
  return { kinds: findings.map(({ kind }) => kind.replace('aws-lambda.', '')), findings, gaps };
}

/** CloudWatch has the figures and the lines of what was invoked a second or so later. */
function expectFindings(functionName: string, by = tools) {
  return expect.poll(() => findingsOf(functionName, by), { timeout: 15_000, interval: 300 });
}

it('a function is run in its environment, and read with what moto lacks of it', async () => {
  await deploy('well', { MemorySize: 192, Timeout: 7 });
  expect(await invoke('well', {})).toEqual({ error: undefined, answer: { greeting: 'hello', memory: '192' } });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'well', ReservedConcurrentExecutions: 0 }));
  const read = await tools.call('threehops_get_lambda_function', { functionName: 'well' }, signal);
  expect(read).toMatchObject({
    configuration: { memory: 192, timeoutSeconds: 7, environment: { GREETING: 'hello' }, state: 'Active' },
    reservedConcurrency: 0,
    versions: [{ version: '1', memory: 192 }],
  });
  const { configuration, versions } = read as { configuration: JsonObject; versions: readonly JsonObject[] };
  expect(configuration['deadLetterTarget']).toMatch(/:dead$/);
  expect(configuration['revisionId']).toMatch(/^[0-9a-f-]{36}$/);
  expect(versions[0]?.['revisionId']).not.toBe(configuration['revisionId']);
  const missing = tools.call('threehops_get_lambda_function', { functionName: 'nobody' }, signal);
  await expect(missing).rejects.toMatchObject({ name: 'ToolFailed' });
});

it('errors are told with their words, a reused environment is no cold start, and a function that is well has no findings', async () => {
  await deploy('moody');
  await invoke('moody', {});
  await invoke('moody', {});
  await expectFindings('moody').toMatchObject({ gaps: [], kinds: [] });
  expect(await invoke('moody', { fail: 'no luck' })).toMatchObject({
    error: 'Unhandled',
    answer: { errorType: 'Error', errorMessage: 'no luck with hello' },
  });
  await expectFindings('moody').toMatchObject({
    gaps: [],
    kinds: ['ErrorRateHigh'],
    findings: [{ facts: { errors: 1, invocations: 3, sample: 'no luck with hello' } }],
  });
  const query = 'fields @message | filter @message like /REPORT/ | sort @timestamp asc';
  const args = {
    log_group_names: ['/aws/lambda/moody'],
    start_time: new Date(Date.now() - 60_000).toISOString(),
    end_time: new Date(Date.now() + 2000).toISOString(),
    query_string: query,
  };
  const { results } = (await tools.call('execute_log_insights_query', args, signal)) as { results: JsonObject[] };
  expect(results.map((row) => JSON.stringify(row).includes('Init Duration'))).toEqual([true, false, false]);
});

it('what is not done in time is ended, and what takes more memory than it has is killed', async () => {
  await deploy('limited', { Timeout: 1, MemorySize: 128 });
  expect(await invoke('limited', { waitMs: 5000 })).toMatchObject({
    error: 'Unhandled',
    answer: { errorMessage: expect.stringContaining('Task timed out after 1.00 seconds') },
  });
  expect(await invoke('limited', { mebibytes: 300, waitMs: 900 })).toMatchObject({
    error: 'Unhandled',
    answer: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
  });
  expect(await invoke('limited', {})).toMatchObject({ error: undefined });
  await expectFindings('limited').toMatchObject({
    kinds: ['ErrorRateHigh', 'TimedOut', 'OutOfMemory'],
    findings: [{ facts: { errors: 2, invocations: 3 } }, { value: 1 }, { facts: { memory: 128, memoryUsed: 128 } }],
  });
});

it('no more run at once than are reserved, and calls beyond are refused', async () => {
  await deploy('narrow');
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'narrow', ReservedConcurrentExecutions: 2 }));
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => invoke('narrow', { waitMs: 800 })));
  const refused = calls.filter((call) => call.status === 'rejected').map(({ reason }) => (reason as Error).name);
  expect(refused).toEqual(Array.from({ length: 3 }, () => 'TooManyRequestsException'));
  await expectFindings('narrow').toMatchObject({
    kinds: ['Throttled', 'ConcurrencyAtLimit'],
    findings: [{ facts: { throttles: 3, calls: 5, reserved: 2 } }, { value: 2 }],
  });
  expect(await invocationsOk.run({ ...context('narrow'), thresholds: {} })).toMatchObject({ verdict: 'Fail' });
});

it('functions without a reservation share what is left of the account, and calls beyond are refused', async () => {
  const shared = await endpoint({ accountConcurrency: 3 });
  const by = new LambdaClient({ ...moto.clientConfig, endpoint: shared.url, maxAttempts: 1 });
  await using reading = toolsFor(server, settings([], shared.url), credentials);
  try {
    await deploy('crowded', {}, by);
    await deploy('kept', {}, by);
    await by.send(new PutFunctionConcurrencyCommand({ FunctionName: 'kept', ReservedConcurrentExecutions: 1 }));
    expect(await reading.call('threehops_get_lambda_account', {}, signal)).toEqual({
      concurrency: 3,
      unreservedConcurrency: 2,
    });
    await Promise.allSettled(Array.from({ length: 4 }, () => invoke('crowded', { waitMs: 800 }, by)));
    await expectFindings('crowded', reading).toMatchObject({
      gaps: [],
      kinds: ['Throttled', 'AccountConcurrencyAtLimit'],
      findings: [{ facts: { throttles: 2 } }, { value: 2, threshold: 2, facts: { account: 3, ownConcurrency: 2 } }],
    });
  } finally {
    by.destroy();
    await shared.stop();
  }
});

function writing(allowedAccounts: string[]): HarnessTools {
  return toolsFor(server, settings(allowedAccounts), credentials, { access: 'ReadWrite' });
}

function acting(functionName: string, by: HarnessTools): ActionContext {
  const { node, clock } = context(functionName);
  return { node, tools: by, clock, signal, manifestPaths: [], readFile: () => Promise.resolve(undefined) };
}

async function liveOf(functionName: string): Promise<JsonObject> {
  const read = await tools.call('threehops_get_lambda_function', { functionName }, signal);
  const { configuration, reservedConcurrency } = read as { configuration: JsonObject; reservedConcurrency: number };
  return { ...configuration, reservedConcurrency };
}

/** Carries an act out, and wants it recognised before, after, and when it is taken back. */
async function expectCarriedOut(
  action: ActionType,
  by: ActionContext,
  parameters: JsonObject,
  done: JsonObject,
): Promise<void> {
  const { name } = settingsOf(by.node.with);
  const before = await liveOf(name);
  const rendered = await action.render(by, parameters);
  expect(await action.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Absent' });
  expect(await action.unchanged?.(by, rendered)).toBe(true);
  const evidence = (await action.execute?.(by, rendered.frozen, '')) ?? {};
  expect(await liveOf(name)).toMatchObject(done);
  expect(await action.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Happened' });
  expect(await action.settled?.(by, rendered.frozen, evidence)).toMatchObject({ state: 'Settled' });
  expect(await action.unchanged?.(by, rendered)).toBe(false);
  await action.execute?.(by, action.rollback?.(rendered.frozen, evidence) ?? {}, '');
  const { revisionId: _, lastModified: __, ...as } = before;
  expect(await liveOf(name)).toMatchObject(as);
}

describe('acts', () => {
  it('change a configuration once, and the next invocation has it', async () => {
    await deploy('mended', { Timeout: 3 });
    const change = { Environment: { Variables: { GREETING: 'goodbye' } }, Timeout: 2 };
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'mended', ...change }));
    expect(await invoke('mended', {})).toMatchObject({ answer: { greeting: 'goodbye' } });
    await expectFindings('mended').toMatchObject({
      kinds: ['ConfigurationChanged'],
      findings: [{ facts: { difference: { timeoutSeconds: { from: 3, to: 2 } } } }],
    });
    await using by = writing([moto.accountId]);
    const environment = [{ name: 'GREETING', fromVersion: '1' }];
    const done = { memory: 256, timeoutSeconds: 4, environment: { GREETING: 'hello' } };
    await expectCarriedOut(
      updateConfiguration,
      acting('mended', by),
      { memory: 256, timeoutSeconds: 4, environment },
      done,
    );
    const { frozen } = await updateConfiguration.render(acting('mended', by), { environment });
    await updateConfiguration.execute?.(acting('mended', by), frozen, '');
    expect(await invoke('mended', {})).toMatchObject({ answer: { greeting: 'hello' } });
    const { changes } = await probe(context('mended'));
    expect(changes).toMatchObject([{ kind: 'Configuration', facts: { byThreehops: true } }]);
  });

  it('reserve more concurrency once', async () => {
    await deploy('widened');
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'widened', ReservedConcurrentExecutions: 1 }));
    await using by = writing([moto.accountId]);
    await expectCarriedOut(setConcurrency, acting('widened', by), { reserved: 5 }, { reservedConcurrency: 5 });
  });

  it('are refused when somebody was faster, and in accounts that are not allowed', async () => {
    await deploy('guarded');
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'guarded', ReservedConcurrentExecutions: 1 }));
    await using by = writing([moto.accountId]);
    await using foreign = writing(['999999999999']);
    const memory = await updateConfiguration.render(acting('guarded', by), { memory: 512 });
    const reserved = await setConcurrency.render(acting('guarded', by), { reserved: 5 });
    for (const [action, { frozen }] of [
      [updateConfiguration, memory],
      [setConcurrency, reserved],
    ] as const) {
      const refused = action.execute?.(acting('guarded', foreign), frozen, '');
      await expect(refused).rejects.toMatchObject({ code: 'AccountNotAllowed' });
    }
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'guarded', MemorySize: 256 }));
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'guarded', ReservedConcurrentExecutions: 2 }));
    const late = updateConfiguration.execute?.(acting('guarded', by), memory.frozen, '');
    await expect(late).rejects.toMatchObject({ code: 'PreconditionFailedException' });
    const later = setConcurrency.execute?.(acting('guarded', by), reserved.frozen, '');
    await expect(later).rejects.toMatchObject({ code: 'ConcurrencyChanged' });
    expect(await liveOf('guarded')).toMatchObject({ memory: 256, reservedConcurrency: 2 });
  });
});
