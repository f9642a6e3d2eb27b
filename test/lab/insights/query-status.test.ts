import { createServer, type Server } from 'node:http';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from 'vitest';
import { closeServer, listen } from '../parts/listen.ts';
import { until } from '../parts/process.ts';
import { startInsights, type Insights } from './server.ts';

/** What stands behind the endpoint: it knows one log group, and a test says how it answers for the events. */
type Events = 'hang' | 'fail';

const { signal } = new AbortController();
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const arn = 'arn:aws:logs:eu-central-1:123456789012:log-group:slow';
const asked = { queryString: 'fields @message', logGroupName: 'slow', startTime: 0, endTime: 10 };
let behind: Server;
let insights: Insights;
let begun = 0;
let abandoned = 0;

async function open(events: Events): Promise<CloudWatchLogsClient> {
  behind = createServer((request, response) => {
    const isEvents = request.headers['x-amz-target'] === 'Logs_20140328.FilterLogEvents';
    if (!isEvents) response.end(JSON.stringify({ logGroups: [{ logGroupName: 'slow', arn }] }));
    else if (events === 'fail') response.writeHead(500).end();
    else {
      begun += 1;
      response.once('close', () => (abandoned += 1));
    }
  });
  insights = await startInsights({ motoUrl: `http://127.0.0.1:${await listen(behind)}`, signal });
  return new CloudWatchLogsClient({ endpoint: insights.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
}

afterEach(async () => {
  await insights.stop();
  await closeServer(behind);
});

test('a query runs until its events are read, and a stopped one is cancelled and reads no more', async () => {
  begun = 0;
  abandoned = 0;
  const logs = await open('hang');
  const { queryId } = await logs.send(new StartQueryCommand(asked));
  await until('the read to begin', async () => (begun === 1 ? true : undefined));
  const running = await logs.send(new GetQueryResultsCommand({ queryId }));
  expect(running).toMatchObject({ status: 'Running', results: [] });
  expect(await logs.send(new StopQueryCommand({ queryId }))).toMatchObject({ success: true });
  expect(await logs.send(new GetQueryResultsCommand({ queryId }))).toMatchObject({ status: 'Cancelled' });
  await until('the read to be given up', async () => (abandoned === 1 ? true : undefined));
});

test('a query whose events cannot be read has failed', async () => {
  const logs = await open('fail');
  const { queryId } = await logs.send(new StartQueryCommand(asked));
  const ended = await until('the query to end', async () => {
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    return answer.status === 'Running' ? undefined : answer;
  });
  expect(ended).toMatchObject({ status: 'Failed', results: [] });
});

test('without moto a request is answered 500, and after a stop not at all', async () => {
  const logs = await open('fail');
  behind.closeAllConnections();
  behind.close();
  await expect(logs.send(new DescribeLogGroupsCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
  await insights.stop();
  await expect(fetch(insights.url)).rejects.toThrow('fetch failed');
});
