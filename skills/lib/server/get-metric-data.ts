import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { listOf, numberOf, objectOf, textOf, timeOf } from '../reading.ts';
import type { MetricQuery, MetricReader } from './metric-reader.ts';

const statistics: Readonly<Record<string, string>> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
};

/** CloudWatch's standard resolution; metrics of a finer one allow 1, 5, 10 and 30 s as well. */
const standardPeriod = 60;
const finePeriods = [1, 5, 10, 30];

const defaultLookbackMs = 3 * 3_600_000;

/**
 * The `get_metric_data` of the awslabs cloudwatch-mcp-server, without its Metrics Insights mode: same arguments, same
 * answer. `period` is an addition of ours for metrics of high resolution.
 */
export function getMetricData<
  Backend extends { readonly metrics: Pick<MetricReader, 'read'> },
>(): ToolDefinition<Backend> {
  return {
    name: 'get_metric_data',
    description: 'Reads the data points of one CloudWatch metric, oldest first.',
    access: 'Read',
    input: inputSchema,
    output: outputSchema,
    handle: async (args, { backend, signal }) => {
      const results = await backend.metrics.read(queryOf(args, systemClock.now()), signal);
      return { metricDataResults: results.map(encodeResult), messages: [] };
    },
  };
}

function queryOf(args: JsonObject, now: Date): MetricQuery {
  const to = timeOf(args['end_time']) ?? now;
  const from = timeOf(args['start_time']) ?? new Date(to.getTime() - defaultLookbackMs);
  const namespace = textOf(args['namespace']);
  const metric = textOf(args['metric_name']);
  if (namespace === undefined || metric === undefined) {
    throw new ToolFault('InvalidArguments', 'namespace and metric_name are needed');
  }
  const statistic = textOf(args['statistic']) ?? 'AVG';
  return {
    namespace,
    metric,
    dimensions: listOf(args['dimensions']).map((item) => {
      const dimension = objectOf(item);
      return { name: textOf(dimension['name']) ?? '', value: textOf(dimension['value']) ?? '' };
    }),
    statistic: statistics[statistic] ?? statistic,
    from,
    to,
    periodSeconds: numberOf(args['period']) ?? periodFor(from, to, numberOf(args['target_datapoints']) ?? 60),
  };
}

/** Whole minutes, so many that about `points` of them fill the time. */
function periodFor(from: Date, to: Date, points: number): number {
  const seconds = Math.floor((to.getTime() - from.getTime()) / 1000 / points);
  return Math.max(1, Math.ceil(seconds / standardPeriod)) * standardPeriod;
}

function encodeResult(result: MetricDataResult): JsonObject {
  const values = result.Values ?? [];
  const datapoints = (result.Timestamps ?? [])
    .map((time, index) => ({ timestamp: time.toISOString(), value: values[index] ?? 0 }))
    .toSorted((a, b) => a.timestamp.localeCompare(b.timestamp));
  return {
    id: result.Id ?? '',
    label: result.Label ?? '',
    statusCode: result.StatusCode ?? 'Complete',
    datapoints,
    messages: [],
  };
}

const inputSchema = {
  type: 'object',
  properties: {
    namespace: { type: 'string' },
    metric_name: { type: 'string' },
    start_time: { type: 'string', description: 'ISO 8601; three hours before end_time when left out' },
    end_time: { type: 'string', description: 'ISO 8601; now when left out' },
    dimensions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'value'],
        properties: { name: { type: 'string' }, value: { type: 'string' } },
      },
    },
    statistic: {
      type: 'string',
      enum: [...Object.keys(statistics), ...Object.values(statistics)],
    },
    target_datapoints: { type: 'integer', minimum: 1, maximum: 500 },
    period: { enum: [...finePeriods, ...Array.from({ length: 60 }, (_, index) => (index + 1) * standardPeriod)] },
    region: { type: ['string', 'null'], description: "ignored: the operator's configuration says the region" },
  },
};

const outputSchema = {
  type: 'object',
  required: ['metricDataResults'],
  properties: {
    metricDataResults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['datapoints'],
        properties: {
          id: { type: 'string' },
          label: { type: 'string' },
          statusCode: { type: 'string' },
          datapoints: {
            type: 'array',
            items: {
              type: 'object',
              required: ['timestamp', 'value'],
              properties: { timestamp: { type: 'string' }, value: { type: 'number' } },
            },
          },
        },
      },
    },
  },
};
