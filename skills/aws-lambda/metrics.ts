import type { Aspect, Series } from '../../controller/evidence/finding.ts';
import { metricPoints, type MetricStatistic } from '../lib/metric-call.ts';
import type { Point } from '../lib/statistics.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import type { LambdaFunction } from './function.ts';
import { settingsOf, shortName } from './parameters.ts';

const sources = {
  invocations: { name: 'Invocations', statistic: 'SUM', aspect: 'Traffic', unit: 'invocations' },
  errors: { name: 'Errors', statistic: 'SUM', aspect: 'Errors', unit: 'errors' },
  throttles: { name: 'Throttles', statistic: 'SUM', aspect: 'Errors', unit: 'throttles' },
  duration: { name: 'Duration', statistic: 'MAX', aspect: 'Latency', unit: 'ms' },
  concurrency: { name: 'ConcurrentExecutions', statistic: 'MAX', aspect: 'Saturation', unit: 'executions' },
  iteratorAge: { name: 'IteratorAge', statistic: 'MAX', aspect: 'Latency', unit: 'ms' },
  deadLetterErrors: { name: 'DeadLetterErrors', statistic: 'SUM', aspect: 'Errors', unit: 'errors' },
  dropped: { name: 'AsyncEventsDropped', statistic: 'SUM', aspect: 'Errors', unit: 'events' },
  undelivered: { name: 'DestinationDeliveryFailures', statistic: 'SUM', aspect: 'Errors', unit: 'events' },
} as const satisfies Record<string, { name: string; statistic: MetricStatistic; aspect: Aspect; unit: string }>;

type Metric = keyof typeof sources;

/** Points of CloudWatch, empty where it has none. */
export type LambdaMetrics = Readonly<Record<Metric, readonly Point[]>>;

const metrics = Object.keys(sources) as Metric[];

/** @throws ToolError */
export async function readMetrics(context: ProbeContext): Promise<LambdaMetrics> {
  const read = async (metric: Metric): Promise<readonly [Metric, readonly Point[]]> => [
    metric,
    await readMetric(metric, context, context.window),
  ];
  return Object.fromEntries(await Promise.all(metrics.map(read))) as unknown as LambdaMetrics;
}

const hourMs = 3_600_000;

/** Of the hour before an act of ours made the function what it is; nothing where none did. @throws ToolError */
export async function readEarlierDurations(
  context: ProbeContext,
  { byThreehops, live: { lastModified } }: LambdaFunction,
): Promise<readonly Point[]> {
  if (!byThreehops || lastModified === undefined) return [];
  return readMetric('duration', context, { from: new Date(lastModified.getTime() - hourMs), to: lastModified });
}

function readMetric(metric: Metric, { node, tools, signal }: ProbeContext, window: Window): Promise<readonly Point[]> {
  const { name, periodSeconds } = settingsOf(node.with);
  const request = {
    namespace: 'AWS/Lambda',
    name: sources[metric].name,
    statistic: sources[metric].statistic,
    dimensions: { FunctionName: shortName(name) },
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
  };
  return metricPoints(tools, request, window, signal);
}

export const noMetrics: LambdaMetrics = {
  invocations: [],
  errors: [],
  throttles: [],
  duration: [],
  concurrency: [],
  iteratorAge: [],
  deadLetterErrors: [],
  dropped: [],
  undelivered: [],
};

export function metricSeries(node: string, read: LambdaMetrics): readonly Series[] {
  return metrics
    .filter((metric) => read[metric].length > 0)
    .map((metric) => {
      const { name, aspect, unit, statistic } = sources[metric];
      const source = `get_metric_data AWS/Lambda ${name} ${statistic}`;
      return { name, node, aspect, unit, points: read[metric], source };
    });
}

export function sum(points: readonly Point[]): number {
  return points.reduce((total, [, value]) => total + value, 0);
}

export function highest(points: readonly Point[]): number {
  return Math.max(0, ...points.map(([, value]) => value));
}

/** Of the first point above the limit; undefined where none is. */
export function firstAbove(points: readonly Point[], limit: number): string | undefined {
  const first = points.find(([, value]) => value > limit);
  return first === undefined ? undefined : new Date(first[0] * 1000).toISOString();
}
