import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { errorRate } from '../../../skills/cloudwatch/checks.ts';
import { probe } from '../../../skills/cloudwatch/probe.ts';
import { server } from '../../../skills/cloudwatch/server/server.ts';
import type { ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Insights, startInsights } from '../../lab/insights/server.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';

const signal = new AbortController().signal;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-cloudwatch-'));
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const group = '/ecs/shop';
/** The window begins two minutes ago; what is written before it is the baseline. */
const from = Math.floor(Date.now() / 1000) * 1000 - 120_000;
let moto: Moto;
let insights: Insights;
let tools: HarnessTools;

beforeAll(async () => {
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
  insights = await startInsights({ motoUrl: moto.url, signal });
  tools = toolsFor(server, { region: moto.region, endpoint: insights.url }, credentials);
  await fillLog();
  await fillMetrics();
});
afterAll(async () => {
  await tools?.close();
  await insights?.stop();
  await moto?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function fillLog(): Promise<void> {
  const client = new CloudWatchLogsClient({ ...moto.clientConfig });
  await client.send(new CreateLogGroupCommand({ logGroupName: group }));
  await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'app' }));
  const line = (second: number, fields: JsonObject) => ({
    timestamp: from + second * 1000,
    message: JSON.stringify(fields),
  });
  const request = (second: number, status: number) =>
    line(second, { level: 'info', message: 'request', status, durationMs: status });
  const stack = 'Error: x\n    at pay (/srv/src/pay.js:17:3)';
  const logEvents = [
    ...Array.from({ length: 100 }, (_, index) => request(-600 + index * 6, 200)),
    ...Array.from({ length: 60 }, (_, index) => request(30 + index, index % 2 === 0 ? 200 : 503)),
    ...[40, 50, 61].map((second) => line(second, { level: 'error', message: `backlog is ${second}, over 20`, stack })),
    { timestamp: from + 70_000, message: 'plain Exception in a line without a level' },
    { timestamp: from + 71_000, message: 'all is well' },
  ];
  await client.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: 'app',
      logEvents: logEvents.toSorted((a, b) => a.timestamp - b.timestamp),
    }),
  );
}

async function fillMetrics(): Promise<void> {
  const client = new CloudWatchClient({ ...moto.clientConfig });
  const Dimensions = [{ Name: 'Queue', Value: 'q' }];
  const point = (second: number, Value: number) => ({
    MetricName: 'Age',
    Dimensions,
    Value,
    Timestamp: new Date(from + second * 1000),
  });
  const before = Array.from({ length: 10 }, (_, index) => point(-600 + index * 60, 10 + (index % 2)));
  const now = Array.from({ length: 12 }, (_, index) => point(index * 10, 80));
  await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [...before, ...now] }));
  const alarm = {
    AlarmName: 'shop-age',
    Namespace: 'Shop',
    MetricName: 'Age',
    Dimensions,
    Statistic: 'Maximum' as const,
  };
  const rule = { Threshold: 60, ComparisonOperator: 'GreaterThanThreshold' as const, EvaluationPeriods: 1, Period: 60 };
  await client.send(new PutMetricAlarmCommand({ ...alarm, ...rule }));
  await client.send(new SetAlarmStateCommand({ AlarmName: 'shop-age', StateValue: 'ALARM', StateReason: 'over 60' }));
}

function context(
  parameters: JsonObject,
  window = { from: new Date(from), to: new Date(from + 120_000) },
): ProbeContext {
  const node = { id: 'shop/logs', name: 'logs', type: 'logs', with: parameters };
  return { node, tools, clock: systemClock, window, signal };
}

const metric = {
  namespace: 'Shop',
  name: 'Age',
  dimensions: { Queue: 'q' },
  statistic: 'MAX',
  aspect: 'Saturation',
  unit: 's',
};

it('logs, metrics and alarms are read through the embedded server', async () => {
  const { findings, gaps, series, logTemplates } = await probe(
    context({ logGroups: [group], metrics: [metric] }, { from: new Date(from), to: new Date() }),
  );
  expect(gaps).toEqual([]);
  expect(findings.map(({ kind, facts }) => [kind, facts?.['template'] ?? null])).toEqual([
    ['cloudwatch.ErrorRateHigh', null],
    ['cloudwatch.NewErrorTemplate', 'backlog is <number>, over <number>'],
    ['cloudwatch.NewErrorTemplate', 'plain Exception in a line without a level'],
    ['cloudwatch.StackTrace', 'backlog is <number>, over <number>'],
    ['cloudwatch.MetricAnomaly', null],
    ['cloudwatch.AlarmActive', null],
  ]);
  expect(findings[0]).toMatchObject({ value: 500_000, facts: { errors: 30, requests: 60, baseline: 0 } });
  expect(series.map(({ name }) => name)).toEqual(['requests', 'errors', 'latency p95', 'Age']);
  expect(logTemplates).toHaveLength(2);
});

it('the pattern of a map decides what an error line is', async () => {
  const { logTemplates } = await probe(context({ logGroups: [group], errorPattern: 'all is (well|fine)' }));
  expect(logTemplates.map(({ template }) => template)).toEqual(['all is well']);
});

it('the check counts all of its window and nothing else', async () => {
  const check = (second: number, to: number) =>
    errorRate.run({
      ...context({ logGroups: [group] }, { from: new Date(from + second * 1000 - 1), to: new Date(from + to * 1000) }),
      thresholds: {},
    });
  expect(await check(30, 89)).toMatchObject({
    verdict: 'Fail',
    value: 500_000,
    summary: '30 errors in 60 requests since the act',
  });
  expect(await check(-600, -1)).toMatchObject({ verdict: 'Pass', summary: '0 errors in 100 requests since the act' });
  expect(await check(100, 120)).toMatchObject({ verdict: 'Inconclusive' });
});

it('a log group that is not there leaves nothing to be read', async () => {
  await expect(probe(context({ logGroups: ['/none'] }))).rejects.toMatchObject({ name: 'NothingReadError' });
});
