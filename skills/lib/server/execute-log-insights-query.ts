import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import type { Clock } from '../../../controller/kube/clock.ts';
import { numberOf, textOf, textsOf, timeOf } from '../reading.ts';
import type { AwsService } from './aws-settings.ts';

/** Asked sooner at first: a small log is done at once, and CloudWatch allows ten such requests a second. */
const pollsMs = [100, 200, 300, 500, 1000];
const underWay = new Set(['Scheduled', 'Running']);

export interface LogsBackend {
  readonly logs: CloudWatchLogsClient;
  readonly clock: Clock;
  /** Before each call. @throws HostRefusedError */
  checkEndpoint(service: AwsService, signal: AbortSignal): Promise<void>;
}

/** The tool of the awslabs cloudwatch-mcp-server: starts a Logs Insights query and waits for its end. */
export function executeLogInsightsQuery<Backend extends LogsBackend>(): ToolDefinition<Backend> {
  return {
    name: 'execute_log_insights_query',
    description: 'Runs a CloudWatch Logs Insights query over log groups and answers its rows, each an object of texts.',
    access: 'Read',
    input: {
      type: 'object',
      required: ['start_time', 'end_time', 'query_string'],
      properties: {
        log_group_names: { type: ['array', 'null'], maxItems: 50, items: { type: 'string' } },
        log_group_identifiers: { type: ['array', 'null'], maxItems: 50, items: { type: 'string' } },
        start_time: { type: 'string', description: 'ISO 8601' },
        end_time: { type: 'string', description: 'ISO 8601' },
        query_string: { type: 'string', minLength: 1, maxLength: 10000 },
        limit: { type: ['integer', 'null'], minimum: 1, maximum: 10000 },
        max_timeout: { type: 'integer', minimum: 1, maximum: 60, default: 30, description: 'Seconds' },
        region: { type: ['string', 'null'], description: "ignored: the operator's configuration says the region" },
      },
    },
    output: {
      type: 'object',
      required: ['queryId', 'status', 'results'],
      properties: {
        queryId: { type: 'string' },
        status: { type: 'string' },
        message: { type: 'string' },
        statistics: { type: 'object' },
        results: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } },
      },
    },
    async handle(args, { backend, signal }) {
      await backend.checkEndpoint('logs', signal);
      const started = await backend.logs.send(startOf(args), { abortSignal: signal });
      const queryId = started.queryId ?? '';
      const deadline = backend.clock.monotonicMs() + (numberOf(args['max_timeout']) ?? 30) * 1000;
      const ended = await stopWhenLeft(backend.logs, queryId, () => poll(backend, queryId, deadline, signal));
      if (ended === undefined)
        return { queryId, status: 'Polling Timeout', message: 'not complete in time', results: [] };
      return encode(queryId, ended);
    },
  };
}

function startOf(args: JsonObject): StartQueryCommand {
  const names = textsOf(args['log_group_names']);
  const identifiers = textsOf(args['log_group_identifiers']);
  if (names.length > 0 === identifiers.length > 0) {
    throw new ToolFault('InvalidArguments', 'exactly one of log_group_names and log_group_identifiers is needed');
  }
  const limit = numberOf(args['limit']);
  return new StartQueryCommand({
    ...(names.length > 0 ? { logGroupNames: [...names] } : { logGroupIdentifiers: [...identifiers] }),
    startTime: seconds(args, 'start_time'),
    endTime: seconds(args, 'end_time'),
    queryString: textOf(args['query_string']),
    ...(limit === undefined ? {} : { limit }),
  });
}

function seconds(args: JsonObject, name: string): number {
  const time = timeOf(args[name]);
  if (time === undefined) throw new ToolFault('InvalidArguments', `${name} is no ISO 8601 time`);
  return Math.floor(time.getTime() / 1000);
}

async function poll(
  { logs, clock }: LogsBackend,
  queryId: string,
  deadline: number,
  signal: AbortSignal,
): Promise<GetQueryResultsCommandOutput | undefined> {
  for (let turn = 0; clock.monotonicMs() < deadline; turn++) {
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal });
    if (!underWay.has(answer.status ?? '')) return answer;
    await clock.sleep(pollsMs[Math.min(turn, pollsMs.length - 1)] ?? 1000, signal);
  }
  return undefined;
}

/** A query that nobody waits for any more goes on costing: it is stopped, and whether that works does not matter to us. */
async function stopWhenLeft<T>(
  logs: CloudWatchLogsClient,
  queryId: string,
  wait: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let ended: T | undefined;
  try {
    ended = await wait();
    return ended;
  } finally {
    if (ended === undefined) void logs.send(new StopQueryCommand({ queryId })).catch(() => undefined);
  }
}

function encode(queryId: string, answer: GetQueryResultsCommandOutput): JsonObject {
  const rows = answer.results ?? [];
  return {
    queryId,
    status: answer.status ?? 'Unknown',
    statistics: { ...answer.statistics } as JsonObject,
    results: rows.map((row) => Object.fromEntries(row.map(({ field, value }) => [field ?? '', value ?? '']))),
  };
}
