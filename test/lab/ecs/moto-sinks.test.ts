import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMoto, type Moto } from '../parts/moto.ts';
import { startTestLab, there, type TestLab } from './fixtures/lab.ts';
import { motoLogSink, type MotoLogSink } from './sinks/moto-log-sink.ts';
import { motoMetricSink, type MotoMetricSink } from './sinks/moto-metric-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'threehops-ecs-sinks-'));
const lost: unknown[] = [];
let moto: Moto;
let logs: MotoLogSink;
let metrics: MotoMetricSink;
let lab: TestLab;

beforeAll(async () => {
  const signal = new AbortController().signal;
  moto = await startMoto({ dataDir: folder, signal, progress: (line) => console.error(line) });
  const options = { clientConfig: moto.clientConfig, onError: (error: unknown) => void lost.push(error) };
  logs = motoLogSink(options);
  metrics = motoMetricSink(options);
  lab = await startTestLab({ logSink: logs.write, metricSink: metrics.write, timing: { metricsEveryMs: 200 } });
  await lab.create('web', await lab.register('web', { environment: [{ name: 'VERSION', value: 'v1' }] }));
  await lab.rollout('web', 'COMPLETED');
}, 600_000);

afterAll(async () => {
  await lab.close();
  await logs.close();
  await metrics.close();
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sinks for moto', () => {
  it('put each line once, in order, into the group and stream of its task', async () => {
    await logs.flush();
    const client = new CloudWatchLogsClient(moto.clientConfig);
    const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName: '/lab' }));
    const [task] = await lab.tasks('web');
    const id = there(task?.taskArn).split('/').at(-1);
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([`ecs/app/${id}`]);
    const stream = { logGroupName: '/lab', logStreamName: `ecs/app/${id}`, startFromHead: true };
    const { events } = await client.send(new GetLogEventsCommand(stream));
    expect(events?.map(({ message }) => message)).toEqual(['starting v1', 'to standard error']);
    client.destroy();
  });

  it('put the measurements where ECS has them', async () => {
    await metrics.flush();
    const client = new CloudWatchClient(moto.clientConfig);
    const Dimensions = [
      { Name: 'ClusterName', Value: 'lab' },
      { Name: 'ServiceName', Value: 'web' },
    ];
    const queries = ['MemoryUtilization', 'CPUUtilization'].map((MetricName, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric: { Namespace: 'AWS/ECS', MetricName, Dimensions }, Period: 60, Stat: 'Maximum' },
    }));
    const window = { StartTime: new Date(Date.now() - 300_000), EndTime: new Date(Date.now() + 60_000) };
    const answer = await client.send(new GetMetricDataCommand({ MetricDataQueries: queries, ...window }));
    expect(answer.MetricDataResults?.map(({ Values }) => (Values?.[0] ?? -1) >= 0)).toEqual([true, true]);
    expect(answer.MetricDataResults?.[0]?.Values?.[0]).toBeGreaterThan(10);
    expect(lost).toEqual([]);
    client.destroy();
  });
});
