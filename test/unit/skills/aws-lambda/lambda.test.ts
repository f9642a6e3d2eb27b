import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { setConcurrency } from '../../../../skills/aws-lambda/actions/set-concurrency.ts';
import { updateConfiguration } from '../../../../skills/aws-lambda/actions/update-configuration.ts';
import { invocationsOk } from '../../../../skills/aws-lambda/checks.ts';
import { probe } from '../../../../skills/aws-lambda/probe.ts';
import { remedies } from '../../../../skills/aws-lambda/remedies.ts';
import type { ActionContext, ProbeContext, ProposedFix, Tools } from '../../../../skills/skill.ts';

const from = new Date('2026-11-20T10:00:00Z');
const to = new Date('2026-11-20T10:10:00Z');
const signal = new AbortController().signal;
const clock = { now: () => to, sleep: () => Promise.resolve() };
const requestId = '8f507cfc-0000-4697-b07a-ac58fc914c95';

/** A function that makes receipts, as its tools answer it. */
class ScriptedLambda implements Tools {
  live: JsonObject = {};
  reserved: number | null = null;
  published = true;
  tags: JsonObject = {};
  metrics: Readonly<Record<string, number>> = { Invocations: 100 };
  /** Of the longest invocation, a point a minute from the window's begin. */
  durations: readonly number[] = [];
  failures: readonly string[] = [];
  reports: readonly string[] = [];
  readonly broken = new Set<string>();
  readonly writes: JsonObject[] = [];

  async call(tool: string, args: JsonObject): Promise<Json> {
    if (this.broken.has(tool)) throw new Error(`${tool} is down`);
    if (tool === 'threehops_get_lambda_function') return this.#function();
    if (tool === 'threehops_get_lambda_account') return { concurrency: 1000, unreservedConcurrency: 100 };
    if (tool === 'get_metric_data') return this.#metric(args);
    if (tool === 'execute_log_insights_query') return this.#lines(args);
    this.writes.push({ tool, ...args });
    return { revisionId: 'r3' };
  }

  #function(): JsonObject {
    const published = {
      version: '1',
      memory: 256,
      timeoutSeconds: 10,
      environment: { TEMPLATE: 'standard', API_KEY: 's3cret' },
      codeSha256: 'abc',
      lastModified: '2026-11-01T00:00:00.000+0000',
      revisionId: 'r1',
    };
    const live = {
      ...published,
      version: '$LATEST',
      lastModified: '2026-11-20T10:04:00Z',
      revisionId: 'r2',
      ...this.live,
    };
    const { reserved: reservedConcurrency, tags } = this;
    return {
      configuration: live,
      reservedConcurrency,
      eventSources: [],
      versions: this.published ? [published] : [],
      tags,
    };
  }

  #metric(args: JsonObject): Json {
    if (args['metric_name'] === 'Duration' && this.durations.length > 0) {
      const points = this.durations.map((value, minute) => ({ timestamp: `2026-11-20T10:0${minute}:00Z`, value }));
      return { metricDataResults: [{ datapoints: points }] };
    }
    const value = this.metrics[args['metric_name'] as string];
    const datapoints = value === undefined ? [] : [{ timestamp: '2026-11-20T10:05:00Z', value }];
    return { metricDataResults: [{ datapoints }] };
  }

  #lines(args: JsonObject): Json {
    const lines = (args['query_string'] as string).includes('REPORT') ? this.reports : this.failures;
    const results = lines.map((text) => ({ '@timestamp': '2026-11-20 10:05:01.000', text }));
    return { queryId: 'q', status: 'Complete', results };
  }
}

function contextOf(tools: Tools, more: JsonObject = {}): ProbeContext {
  const node = { id: 'shop/receipts', name: 'receipts', type: 'compute', with: { functionName: 'receipt', ...more } };
  return { node, tools, clock, window: { from, to }, signal };
}

async function fixesOf(lambda: ScriptedLambda): Promise<readonly (ProposedFix & { cause: string })[]> {
  const context = contextOf(lambda);
  const { findings, changes, series } = await probe(context);
  const kinds = new Set(findings.map(({ kind }) => kind));
  return remedies
    .filter(({ forKinds }) => forKinds.some((kind) => kinds.has(kind)))
    .flatMap((one) =>
      one.propose({ node: context.node, findings, changes, series }).map((fix) => ({ ...fix, cause: one.cause })),
    )
    .toSorted((a, b) => b.fitness - a.fitness);
}

function acting(tools: Tools, files: Readonly<Record<string, string>> = {}): ActionContext {
  const { node } = contextOf(tools);
  const readFile = (path: string): Promise<string | undefined> => Promise.resolve(files[path]);
  return { node, tools, clock, signal, manifestPaths: Object.keys(files), readFile };
}

it('a function that works has no findings', async () => {
  const { findings, changes, gaps, identity } = await probe(contextOf(new ScriptedLambda()));
  expect([findings, changes, gaps, identity]).toEqual([[], [], [], 'lambda:receipt']);
});

it('throttled calls are told against all calls, and more is reserved', async () => {
  const lambda = new ScriptedLambda();
  lambda.reserved = 1;
  lambda.metrics = { Invocations: 60, Throttles: 40, ConcurrentExecutions: 1 };
  const { findings } = await probe(contextOf(lambda));
  expect(findings).toMatchObject([
    {
      kind: 'aws-lambda.Throttled',
      severity: 'Critical',
      value: 400_000,
      threshold: 10_000,
      since: '2026-11-20T10:05:00.000Z',
      facts: { calls: 100 },
    },
    { kind: 'aws-lambda.ConcurrencyAtLimit', value: 1, threshold: 1 },
  ]);
  const [fix] = await fixesOf(lambda);
  expect(fix).toMatchObject({ action: 'aws-lambda.set-concurrency', parameters: { reserved: 10 } });
});

it('fewer throttled calls than the map allows errors are none to tell', async () => {
  const lambda = new ScriptedLambda();
  lambda.reserved = 10;
  lambda.metrics = { Invocations: 995, Throttles: 5, ConcurrentExecutions: 3 };
  expect((await probe(contextOf(lambda))).findings).toEqual([]);
});

it('without a reservation it is told whether the account is what throttles, and nothing is proposed', async () => {
  const lambda = new ScriptedLambda();
  const limit = async (): Promise<readonly Finding[]> =>
    (await probe(contextOf(lambda))).findings.filter(({ kind }) => kind === 'aws-lambda.AccountConcurrencyAtLimit');
  lambda.metrics = { Invocations: 60, Throttles: 40, ConcurrentExecutions: 5, UnreservedConcurrentExecutions: 100 };
  expect(await limit()).toMatchObject([
    { value: 100, threshold: 100, since: '2026-11-20T10:05:00.000Z', facts: { account: 1000, ownConcurrency: 5 } },
  ]);
  expect(await fixesOf(lambda)).toEqual([]);
  lambda.reserved = 5;
  expect(await limit()).toEqual([]);
  lambda.reserved = null;
  lambda.metrics = { Invocations: 60, Throttles: 40, UnreservedConcurrentExecutions: 99 };
  expect(await limit()).toEqual([]);
  lambda.metrics = { Invocations: 60, UnreservedConcurrentExecutions: 100 };
  expect(await limit()).toEqual([]);
});

it('an account that may not be read is a gap', async () => {
  const lambda = new ScriptedLambda();
  lambda.broken.add('threehops_get_lambda_account');
  expect((await probe(contextOf(lambda))).gaps).toMatchObject([{ what: "the account's concurrency" }]);
});

it('events that are given up, and what becomes of them, are told since the first', async () => {
  const lambda = new ScriptedLambda();
  lambda.metrics = { Invocations: 100, AsyncEventsDropped: 7, DestinationDeliveryFailures: 2 };
  expect((await probe(contextOf(lambda))).findings).toMatchObject([
    { kind: 'aws-lambda.AsyncEventsDropped', value: 7, threshold: 0, since: '2026-11-20T10:05:00.000Z' },
    { kind: 'aws-lambda.DestinationDeliveryFailed', value: 2, threshold: 0, since: '2026-11-20T10:05:00.000Z' },
  ]);
});

it('a timeout that was lowered is set back to what the published version has', async () => {
  const lambda = new ScriptedLambda();
  lambda.live = { timeoutSeconds: 1 };
  lambda.metrics = { Invocations: 100, Errors: 25, Duration: 1000 };
  lambda.failures = [`2026-11-20T10:05:01.000Z ${requestId} Task timed out after 1.00 seconds`];
  const { findings, changes } = await probe(contextOf(lambda));
  expect(findings.map(({ kind }) => kind)).toEqual([
    'aws-lambda.ErrorRateHigh',
    'aws-lambda.TimedOut',
    'aws-lambda.ConfigurationChanged',
  ]);
  expect(findings[0]?.summary).toContain('Task timed out after 1.00 seconds');
  expect(changes).toMatchObject([{ kind: 'Configuration', at: '2026-11-20T10:04:00.000Z' }]);
  const [fix] = await fixesOf(lambda);
  expect(fix).toMatchObject({ cause: 'aws-lambda.TimeoutTooShort', parameters: { timeoutSeconds: 10 }, fitness: 0.9 });
});

it('an invocation that began before the window is none of it, however late it timed out', async () => {
  const lambda = new ScriptedLambda();
  lambda.failures = [`2026-11-20T10:05:01.000Z ${requestId} Task timed out after 302.00 seconds`];
  expect((await probe(contextOf(lambda))).findings).toEqual([]);
});

it('an update that failed is told with when it was asked for, and cold starts with the first of them', async () => {
  const lambda = new ScriptedLambda();
  lambda.live = { lastUpdateStatus: 'Failed', lastUpdateStatusReason: 'no such role', state: 'Active' };
  const report = `REPORT RequestId: ${requestId}\tDuration: 12.5 ms\tMax Memory Used: 90 MB\t`;
  lambda.reports = Array.from({ length: 20 }, (_, index) => (index < 2 ? `${report}Init Duration: 80 ms` : report));
  expect((await probe(contextOf(lambda))).findings).toMatchObject([
    { kind: 'aws-lambda.ColdStarts', value: 10, since: '2026-11-20T10:05:01.000Z' },
    { kind: 'aws-lambda.UpdateFailed', severity: 'Warning', since: '2026-11-20T10:04:00.000Z' },
  ]);
});

it('one call of very many that timed out is no catastrophe', async () => {
  const lambda = new ScriptedLambda();
  lambda.failures = [`2026-11-20T10:05:01.000Z ${requestId} Task timed out after 10.00 seconds`];
  const severity = async (Errors: number): Promise<unknown> => {
    lambda.metrics = { Invocations: 1000, Errors };
    const { findings } = await probe(contextOf(lambda));
    return findings.find(({ kind }) => kind === 'aws-lambda.TimedOut')?.severity;
  };
  expect([await severity(1), await severity(60), await severity(0)]).toEqual(['Warning', 'Critical', 'Critical']);
});

describe('a function that is slower since it was changed', () => {
  const slower = (live: JsonObject): ScriptedLambda => {
    const lambda = new ScriptedLambda();
    lambda.live = live;
    lambda.durations = [300, 320, 900, 310, 1800, 1750, 1820, 1790];
    return lambda;
  };

  it('is told with what it took before, and its variables are restored', async () => {
    const lambda = slower({ environment: { TEMPLATE: 'compact', API_KEY: 's3cret' } });
    const { findings } = await probe(contextOf(lambda));
    expect(findings[0]).toMatchObject({
      kind: 'aws-lambda.DurationRisen',
      severity: 'Warning',
      since: '2026-11-20T10:04:00.000Z',
      value: 1795,
      threshold: 473,
      facts: { usualMs: 315 },
    });
    const [fix] = await fixesOf(lambda);
    expect(fix).toMatchObject({ cause: 'aws-lambda.BadEnvironment', fitness: 0.75 });
    expect(fix?.parameters).toEqual({ environment: [{ name: 'TEMPLATE', value: 'standard' }] });
  });

  it('is given back the memory that it had, which brings the processor', async () => {
    expect((await fixesOf(slower({ memory: 128 })))[0]).toMatchObject({
      cause: 'aws-lambda.MemoryTooLow',
      parameters: { memory: 256 },
      fitness: 0.9,
    });
    expect(await fixesOf(slower({}))).toEqual([]);
  });

  it('is not one of chance, or of too few periods', async () => {
    const told = async (lambda: ScriptedLambda): Promise<boolean> =>
      (await probe(contextOf(lambda))).findings.some(({ kind }) => kind === 'aws-lambda.DurationRisen');
    const [usual, short] = [slower({}), slower({})];
    usual.durations = [300, 320, 340, 310, 350, 360, 340, 1800];
    short.durations = [300, 320, 310, 330, 1800, 1800];
    expect(await Promise.all([usual, short].map(told))).toEqual([false, false]);
  });

  it('is told after an act that did not help as well, and not after one that did', async () => {
    const after = async (durations: readonly number[]): Promise<readonly Finding[]> => {
      const lambda = slower({});
      lambda.durations = [310, 320, 1800, 1810, ...durations];
      lambda.tags = { 'threehops.dev/revision': 'r2' };
      return (await probe(contextOf(lambda))).findings;
    };
    expect(await after([1790, 1800, 1810])).toMatchObject([{ kind: 'aws-lambda.DurationRisen', value: 1800 }]);
    expect(await after([330, 320, 340])).toEqual([]);
  });
});

it('tells whom it is configured to call', async () => {
  const lambda = new ScriptedLambda();
  lambda.live = { environment: { MAIL_URL: 'https://mail.partner.io' } };
  expect((await probe(contextOf(lambda))).peers).toMatchObject([{ name: 'mail.partner.io', source: 'MAIL_URL' }]);
});

it('a killed environment is given more memory', async () => {
  const lambda = new ScriptedLambda();
  lambda.failures = [`RequestId: ${requestId} Error: Runtime exited with error: signal: killed`];
  lambda.reports = [
    `REPORT RequestId: ${requestId}\tDuration: 12.5 ms\tMemory Size: 256 MB\tMax Memory Used: 256 MB\t`,
  ];
  const { findings } = await probe(contextOf(lambda));
  expect(findings).toMatchObject([{ kind: 'aws-lambda.OutOfMemory', facts: { memory: 256, memoryUsed: 256 } }]);
  expect((await fixesOf(lambda))[0]).toMatchObject({ parameters: { memory: 512 } });
});

it('variables are restored, a secret by the version that holds it, and its values are not shown', async () => {
  const lambda = new ScriptedLambda();
  lambda.live = { environment: { TEMPLATE: 'compact', API_KEY: 'other' } };
  lambda.metrics = { Invocations: 100, Errors: 100 };
  lambda.failures = [
    `t\t${requestId}\tERROR\tInvoke Error\t{"errorType":"Error","errorMessage":"no template compact"}`,
  ];
  const result = await probe(contextOf(lambda));
  expect(JSON.stringify(result)).not.toContain('s3cret');
  expect(result.findings[0]?.facts?.['sample']).toBe('no template compact');
  expect((await fixesOf(lambda))[0]?.parameters).toEqual({
    environment: [
      { name: 'API_KEY', fromVersion: '1' },
      { name: 'TEMPLATE', value: 'standard' },
    ],
  });
});

it('what an act of ours changed is marked, and no remedy takes it back', async () => {
  const lambda = new ScriptedLambda();
  lambda.live = { environment: { TEMPLATE: 'compact' } };
  lambda.tags = { 'threehops.dev/revision': 'r2' };
  const { findings, changes } = await probe(contextOf(lambda));
  expect([findings.length, changes[0]?.facts?.['byThreehops']]).toEqual([0, true]);
  expect(await fixesOf(lambda)).toEqual([]);
});

it('without a published version it is told when the function was changed, and that nothing tells how', async () => {
  const lambda = new ScriptedLambda();
  lambda.published = false;
  const { changes, gaps } = await probe(contextOf(lambda));
  expect(changes).toMatchObject([
    { kind: 'Configuration', at: '2026-11-20T10:04:00.000Z', facts: { previousVersion: null, difference: {} } },
  ]);
  expect(gaps).toMatchObject([{ what: 'earlier configurations' }]);
});

it('one tool that fails is a gap; without the configuration nothing is known', async () => {
  const lambda = new ScriptedLambda();
  lambda.broken.add('execute_log_insights_query');
  expect((await probe(contextOf(lambda))).gaps.map(({ what }) => what)).toEqual(['logs of the function']);
  lambda.broken.add('threehops_get_lambda_function');
  await expect(probe(contextOf(lambda))).rejects.toThrow('threehops_get_lambda_function is down');
});

describe('the actions', () => {
  const file = '{\n  "FunctionName": "receipt",\n  "Timeout": 1,\n  "Environment": { "Variables": { "A": "b" } }\n}\n';

  it('a longer timeout is planned, fenced by the revision, and written to the file', async () => {
    const lambda = new ScriptedLambda();
    lambda.live = { timeoutSeconds: 1 };
    const context = acting(lambda, { 'deploy/function.json': file });
    const plan = await updateConfiguration.render(context, { timeoutSeconds: 10 });
    expect(plan.diff).toBe('function receipt\n-   timeout: 1 s\n+   timeout: 10 s');
    expect(plan.target).toEqual({ identity: 'lambda:receipt', version: 'r2' });
    expect(plan.edits).toEqual([{ path: 'deploy/function.json', content: file.replace(': 1,', ': 10,') }]);
    const evidence = await updateConfiguration.execute?.(context, plan.frozen, 'a1');
    expect(lambda.writes).toMatchObject([{ expectedRevision: 'r2', timeoutSeconds: 10 }]);
    expect(updateConfiguration.rollback?.(plan.frozen, evidence ?? {})).toMatchObject({
      revision: 'r3',
      change: { timeoutSeconds: 1 },
    });
  });

  it('a person is asked where a value comes from nowhere, and not where a version had it', async () => {
    const lambda = new ScriptedLambda();
    const strangers = async (name: string, value: string) =>
      (await updateConfiguration.render(acting(lambda), { environment: [{ name, value }] })).unfamiliar ?? [];
    lambda.live = { environment: { TEMPLATE: 'fancy' } };
    expect(await strangers('TEMPLATE', 'standard')).toEqual([]);
    expect(await strangers('HOST', 'attacker.example')).toEqual(['HOST has never had this value here']);
  });

  it('bounds of the map are kept', async () => {
    const context = acting(new ScriptedLambda());
    await expect(updateConfiguration.render(context, { memory: 4096 })).rejects.toMatchObject({ code: 'AboveLimit' });
    await expect(updateConfiguration.render(context, { memory: 128 })).rejects.toMatchObject({ code: 'NotAnIncrease' });
    await expect(setConcurrency.render(context, { reserved: 5 })).rejects.toMatchObject({ code: 'NotAnIncrease' });
  });

  it('after a crash what is live tells whether it happened', async () => {
    const lambda = new ScriptedLambda();
    const context = acting(lambda);
    const { frozen } = await updateConfiguration.render(context, { memory: 512 });
    const verdict = async (): Promise<string | undefined> =>
      (await updateConfiguration.probe?.(context, frozen, 'a1'))?.verdict;
    expect(await verdict()).toBe('Absent');
    lambda.live = { revisionId: 'r3', memory: 512 };
    expect(await verdict()).toBe('Happened');
    lambda.live = { revisionId: 'r4', memory: 300 };
    expect(await verdict()).toBe('Unknown');
  });
});

it('the check counts throttles as failures, and without calls says nothing', async () => {
  const lambda = new ScriptedLambda();
  const verdict = async (): Promise<string> =>
    (await invocationsOk.run({ ...contextOf(lambda), thresholds: { maxErrorsPerMillion: 50_000 } })).verdict;
  expect(await verdict()).toBe('Pass');
  lambda.metrics = { Invocations: 90, Throttles: 10 };
  expect(await verdict()).toBe('Fail');
  lambda.metrics = {};
  expect(await verdict()).toBe('Inconclusive');
});

it('the check leaves out the minute that the act fell into', async () => {
  const lambda = new ScriptedLambda();
  lambda.metrics = { Invocations: 90, Throttles: 10 };
  const window = { from: new Date('2026-11-20T10:05:20Z'), to };
  const checked = await invocationsOk.run({ ...contextOf(lambda), window, thresholds: {} });
  expect(checked).toMatchObject({ verdict: 'Inconclusive' });
});
