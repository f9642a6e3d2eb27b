import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
  StopQueryCommand,
  type StartQueryCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListQueuesCommand, SQSClient, CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { motoVenv, startMoto, type AwsClientConfig, type Moto } from '../parts/moto.ts';
import { until } from '../parts/process.ts';
import { run } from '../parts/run.ts';
import { startInsights, type Insights } from './server.ts';

const { signal } = new AbortController();
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-insights-'));
const begin = Date.now() - 600_000;
const range = { startTime: Math.floor(begin / 1000), endTime: Math.floor(begin / 1000) + 300 };
let moto: Moto;
let insights: Insights;
let config: AwsClientConfig;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  moto = await startMoto({ dataDir, signal, progress: () => undefined });
  insights = await startInsights({ motoUrl: moto.url, signal });
  config = { ...moto.clientConfig, endpoint: insights.url };
  logs = new CloudWatchLogsClient(config);
}, 300_000);

afterAll(async () => {
  await insights.stop();
  await moto.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(() => moto.reset());

test('a query counts errors over two log groups that AWS SDK v3 filled through the endpoint', async () => {
  await fill('/ecs/api', 'api/1', [requestLine(0, 200), requestLine(10, 503), requestLine(70, 500)]);
  await fill('/ecs/worker', 'worker/1', [requestLine(75, 500), { timestamp: begin + 80_000, message: 'no JSON' }]);
  const queryString =
    'filter status >= 500 | stats count(*) as errors, earliest(ms) as first by @log | sort errors desc';
  const answer = await query({ ...range, queryString, logGroupNames: ['/ecs/api', '/ecs/worker'] });
  expect(answer.results).toEqual([
    [
      { field: 'errors', value: '2' },
      { field: 'first', value: '10' },
      { field: '@log', value: `${moto.accountId}:/ecs/api` },
    ],
    [
      { field: 'errors', value: '1' },
      { field: 'first', value: '75' },
      { field: '@log', value: `${moto.accountId}:/ecs/worker` },
    ],
  ]);
  expect(answer.statistics).toMatchObject({
    recordsMatched: 3,
    recordsScanned: 5,
    logGroupsScanned: 2,
    resultCount: 2,
  });
  expect(answer.statistics?.bytesScanned).toBe(94);
});

test('only events within the time range are scanned, the last second to its end', async () => {
  const end = range.endTime * 1000;
  const events = [begin - 5000, begin + 1000, end + 900, end + 1001];
  await fill(
    '/ecs/api',
    'api/1',
    events.map((timestamp) => ({ timestamp, message: `at ${timestamp - begin}` })),
  );
  const answer = await query({ ...range, queryString: 'fields @message | sort @timestamp', logGroupName: '/ecs/api' });
  expect(answer.results?.map((row) => row[0]?.value)).toEqual(['at 1000', `at ${end + 900 - begin}`]);
});

test('more events than moto answers in a page are all read, and the results come in pages', async () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => ({ timestamp: begin + index, message: `line ${index}` }));
  await fill('/ecs/api', 'api/1', lines);
  await fill('/ecs/api', 'api/2', lines.slice(0, 50));
  const counted = await query({ ...range, queryString: 'stats count(*) as n', logGroupName: '/ecs/api' });
  expect(counted.results).toEqual([[{ field: 'n', value: '10050' }]]);
  const all = { ...range, queryString: 'fields @message | limit 20000', logGroupName: '/ecs/api' };
  const { queryId, results, nextToken } = await query(all);
  const rest = await logs.send(new GetQueryResultsCommand({ queryId, nextToken }));
  expect([results?.length, rest.results?.length, rest.nextToken]).toEqual([10_000, 50, undefined]);
});

test('a log group is named by its ARN too', async () => {
  await fill('/ecs/api', 'api/1', [requestLine(0, 200)]);
  const arn = `arn:aws:logs:${moto.region}:${moto.accountId}:log-group:/ecs/api`;
  const answer = await query({ ...range, queryString: 'fields status', logGroupIdentifiers: [arn] });
  expect(answer.results?.[0]?.[0]).toEqual({ field: 'status', value: '200' });
});

test('what is not understood is refused by the name that the SDK knows', async () => {
  await fill('/ecs/api', 'api/1', []);
  const start = (input: object): Promise<unknown> => {
    const base = { ...range, queryString: 'fields @message', logGroupName: '/ecs/api' };
    return logs.send(new StartQueryCommand({ ...base, ...input }));
  };
  await expect(start({ queryString: 'fields @message | pattern @message' })).rejects.toMatchObject({
    name: 'MalformedQueryException',
    queryCompileError: { location: { startCharOffset: 18, endCharOffset: 25 } },
  });
  await expect(start({ logGroupName: '/none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(start({ logGroupNames: ['/ecs/api'] })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(start({ endTime: range.startTime - 1 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(start({ queryLanguage: 'SQL' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const unknown = new GetQueryResultsCommand({ queryId: 'none' });
  await expect(logs.send(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an ended query cannot be stopped', async () => {
  await fill('/ecs/api', 'api/1', [requestLine(0, 200)]);
  const { queryId } = await query({ ...range, queryString: 'fields status', logGroupName: '/ecs/api' });
  await expect(logs.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('boto3 puts and queries through the endpoint', async () => {
  const venv = await motoVenv({ signal, progress: () => undefined });
  const env = { ...process.env, ...moto.env, AWS_ENDPOINT_URL: insights.url };
  const answer = await run(venv.python, ['-c', botoScript, String(begin)], { signal, env });
  expect(JSON.parse(answer)).toEqual({
    status: 'Complete',
    results: [
      [
        { field: 'n', value: '2' },
        { field: 'bin(5m)', value: expect.stringMatching(/^[-\d]{10} [:\d]{8}\.000$/) },
      ],
    ],
    matched: 2,
    error: 'MalformedQueryException',
  });
});

test("everything else is moto's own: logs, metrics, queues", async () => {
  await fill('/ecs/api', 'api/1', [requestLine(0, 200)]);
  const direct = new CloudWatchLogsClient(moto.clientConfig);
  const described = new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs' });
  const [through, own] = await Promise.all([logs.send(described), direct.send(described)]);
  expect(through.logGroups).toEqual(own.logGroups);
  const events = await logs.send(new GetLogEventsCommand({ logGroupName: '/ecs/api', logStreamName: 'api/1' }));
  expect(events.events?.map((event) => event.timestamp)).toEqual([begin]);
  const metrics = new CloudWatchClient(config);
  await metrics.send(
    new PutMetricDataCommand({
      Namespace: 'Lab',
      MetricData: [{ MetricName: 'Errors', Value: 7, Timestamp: new Date(begin) }],
    }),
  );
  const stat = { Metric: { Namespace: 'Lab', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' };
  const asked = {
    StartTime: new Date(begin - 60_000),
    EndTime: new Date(begin + 60_000),
    MetricDataQueries: [{ Id: 'e', MetricStat: stat }],
  };
  const data = await new CloudWatchClient(moto.clientConfig).send(new GetMetricDataCommand(asked));
  expect(data.MetricDataResults?.[0]?.Values).toEqual([7]);
  const sqs = new SQSClient(config);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
});

const botoScript = `
import boto3, botocore, json, sys, time
begin = int(sys.argv[1])
logs = boto3.client("logs")
logs.create_log_group(logGroupName="boto")
logs.create_log_stream(logGroupName="boto", logStreamName="one")
messages = [json.dumps({"level": level, "n": n}) for n, level in enumerate(["error", "info", "error"])]
logs.put_log_events(logGroupName="boto", logStreamName="one", logEvents=[{"timestamp": begin, "message": m} for m in messages])
ask = dict(logGroupNames=["boto"], startTime=begin // 1000, endTime=begin // 1000 + 60)
query = logs.start_query(queryString='filter level = "error" | stats count(*) as n by bin(5m)', **ask)
while True:
    answer = logs.get_query_results(queryId=query["queryId"])
    if answer["status"] != "Running":
        break
    time.sleep(0.05)
error = None
try:
    logs.start_query(queryString="nonsense", **ask)
except logs.exceptions.MalformedQueryException as caught:
    error = caught.response["Error"]["Code"]
print(json.dumps({"status": answer["status"], "results": answer["results"], "matched": answer["statistics"]["recordsMatched"], "error": error}))
`;

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

function requestLine(seconds: number, status: number): Line {
  return { timestamp: begin + seconds * 1000, message: JSON.stringify({ status, ms: seconds }) };
}

async function fill(logGroupName: string, logStreamName: string, logEvents: readonly Line[]): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch((error: Error) => {
    if (error.name !== 'ResourceAlreadyExistsException') throw error;
  });
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  if (logEvents.length > 0)
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...logEvents] }));
}

async function query(input: StartQueryCommandInput) {
  const { queryId } = await logs.send(new StartQueryCommand(input));
  return until('the query to end', async () => {
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    return answer.status === 'Running' ? undefined : { queryId, ...answer };
  });
}
