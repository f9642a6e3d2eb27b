import type { JsonObject } from '../../controller/api/json.ts';
import type { Tools } from '../skill.ts';
import { listOf, numberOf, objectOf, timeOf } from './reading.ts';
import type { Point } from './statistics.ts';
import type { Window } from './time.ts';

export const metricTool = 'get_metric_data';

/** CloudWatch's statistics by the words of the tool contract. */
export type MetricStatistic = 'AVG' | 'COUNT' | 'MAX' | 'MIN' | 'SUM';

export interface MetricRequest {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: MetricStatistic;
  /** For metrics of high resolution; whole minutes by the window's length when left out. */
  readonly periodSeconds?: number;
}

const mostPoints = 360;

/**
 * The points of one CloudWatch metric, oldest first. Where a period is named, the first one begins within the window: CloudWatch would
 * answer the one that the window begins in as a whole, and what came before an act must not be counted to it.
 * @throws ToolError
 */
export async function metricPoints(
  tools: Tools,
  request: MetricRequest,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Point[]> {
  const from = firstPeriod(window.from, request.periodSeconds);
  if (from >= window.to) return [];
  const dimensions = Object.entries(request.dimensions).map(([name, value]) => ({ name, value }));
  const args: JsonObject = {
    namespace: request.namespace,
    metric_name: request.name,
    dimensions,
    statistic: request.statistic,
    start_time: from.toISOString(),
    end_time: window.to.toISOString(),
    ...(request.periodSeconds === undefined ? {} : { period: request.periodSeconds }),
  };
  const answer = objectOf(await tools.call(metricTool, args, signal));
  const points = listOf(objectOf(listOf(answer['metricDataResults'])[0])['datapoints']).flatMap((item) => {
    const point = objectOf(item);
    const time = timeOf(point['timestamp']);
    const value = numberOf(point['value']);
    return time === undefined || value === undefined ? [] : [[time.getTime() / 1000, value] as const];
  });
  return points.toSorted((a, b) => a[0] - b[0]).slice(-mostPoints);
}

function firstPeriod(from: Date, periodSeconds: number | undefined): Date {
  if (periodSeconds === undefined) return from;
  const periodMs = periodSeconds * 1000;
  return new Date(Math.ceil(from.getTime() / periodMs) * periodMs);
}
