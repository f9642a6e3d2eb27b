import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { probe } from '../../../skills/cloudwatch/probe.ts';
import { server } from '../../../skills/cloudwatch/server/server.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Insights, startInsights } from '../../lab/insights/server.ts';
import { awslabsEnvironment, mcpServersMs, mcpServersVenv } from '../../lab/parts/mcp-servers.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';
import { overMcp } from './over-mcp.ts';
import { stdioTools } from './stdio-tools.ts';

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'threehops-third-party-cloudwatch-'));
const group = '/ecs/shop';
/** Whole minutes, as the period of the metric is one: the window is the last five of them. */
const to = new Date(Math.floor(Date.now() / 60_000) * 60_000);
const window = { from: new Date(to.getTime() - 300_000), to };
const contestants = new Map<string, HarnessTools>();
let moto: Moto;
let insights: Insights;

beforeAll(async () => {
  const venv = await mcpServersVenv({ signal, progress: console.error });
  moto = await startMoto({ dataDir: join(folder, 'moto'), signal, progress: console.error });
  insights = await startInsights({ motoUrl: moto.url, signal });
  await Promise.all([fillLog(), fillMetric()]);
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  contestants.set('ours', toolsFor(server, { region: moto.region, endpoint: insights.url }, credentials));
  const command = venv.bin('awslabs.cloudwatch-mcp-server');
  const env = awslabsEnvironment(folder, { ...moto.env, AWS_ENDPOINT_URL: insights.url });
  contestants.set('awslabs', await stdioTools({ id: 'cloudwatch-mcp-server', command, env, contract: server.tools }));
}, mcpServersMs);

afterAll(async () => {
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  await insights?.stop();
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const atSecond = (second: number): number => window.from.getTime() + second * 1000;

/** Requests that all went well before the window, and half of which fail in it, with a stack trace. */
async function fillLog(): Promise<void> {
  const client = new logs.CloudWatchLogsClient(moto.clientConfig);
  const stream = { logGroupName: group, logStreamName: 'app' };
  await client.send(new logs.CreateLogGroupCommand({ logGroupName: group }));
  await client.send(new logs.CreateLogStreamCommand(stream));
  const line = (second: number, fields: JsonObject) => ({
    timestamp: atSecond(second),
    message: JSON.stringify(fields),
  });
  const request = (second: number, status: number) =>
    line(second, { level: 'info', message: 'request', status, durationMs: status });
  const stack = 'Error: x\n    at pay (/srv/src/pay.js:17:3)';
  const logEvents = [
    ...Array.from({ length: 100 }, (_, index) => request(-600 + index * 6, 200)),
    ...Array.from({ length: 60 }, (_, index) => request(30 + index, index % 2 === 0 ? 200 : 503)),
    ...[140, 150, 161].map((second) =>
      line(second, { level: 'error', message: `backlog is ${second}, over 20`, stack }),
    ),
  ];
  await client.send(new logs.PutLogEventsCommand({ ...stream, logEvents }));
  client.destroy();
}

const dimensions = { Queue: 'q' };

/** A metric that jumps in the window, and the alarm on it. */
async function fillMetric(): Promise<void> {
  const client = new cloudwatch.CloudWatchClient(moto.clientConfig);
  const metric = { MetricName: 'Age', Dimensions: [{ Name: 'Queue', Value: 'q' }] };
  const MetricData = Array.from({ length: 15 }, (_, minute) => minute - 10).map((minute) => ({
    ...metric,
    Value: minute < 0 ? 10 + (Math.abs(minute) % 2) : 80,
    Timestamp: new Date(atSecond(minute * 60)),
  }));
  await client.send(new cloudwatch.PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
  const rule = { Threshold: 60, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Period: 60 } as const;
  const alarm = { AlarmName: 'shop-age', Namespace: 'Shop', Statistic: 'Maximum', ...metric, ...rule } as const;
  await client.send(new cloudwatch.PutMetricAlarmCommand(alarm));
  const state = { AlarmName: 'shop-age', StateValue: 'ALARM', StateReason: 'over 60' } as const;
  await client.send(new cloudwatch.SetAlarmStateCommand(state));
  client.destroy();
}

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

function look(name: string, logGroup = group): Promise<ProbeResult> {
  const metric = { namespace: 'Shop', name: 'Age', dimensions, statistic: 'MAX', aspect: 'Saturation', unit: 's' };
  const metrics = logGroup === group ? [metric] : [];
  const node = { id: 'shop/logs', name: 'logs', type: 'logs', with: { logGroups: [logGroup], metrics } };
  return overMcp(toolsOf(name), (tools) => probe({ node, tools, clock: systemClock, window, signal }));
}

describe.each(['ours', 'awslabs'])('the CloudWatch server of %s', (name) => {
  it('lets the skill find errors in logs, a metric that jumped and an alarm', async () => {
    const { findings, gaps, series } = await look(name);
    expect(gaps).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toEqual([
      'cloudwatch.ErrorRateHigh',
      'cloudwatch.NewErrorTemplate',
      'cloudwatch.StackTrace',
      'cloudwatch.MetricAnomaly',
      'cloudwatch.AlarmActive',
    ]);
    expect(findings[0]).toMatchObject({ value: 500_000, facts: { errors: 30, requests: 60, baseline: 0 } });
    expect(findings[4]?.facts).toMatchObject({ alarm: 'shop-age', metric: 'Age', namespace: 'Shop' });
    expect(series.map((one) => one.name)).toEqual(['requests', 'errors', 'latency p95', 'Age']);
  });

  it('leaves nothing to be seen in a group that is not there', async () => {
    await expect(look(name, '/none')).rejects.toMatchObject({ name: 'NothingReadError' });
  });
});

it('both let the skill find the same', async () => {
  const ours = await look('ours');
  expect(await look('awslabs')).toEqual(ours);
});
