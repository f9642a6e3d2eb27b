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
 * The points of one CloudWatch metric that begin within the window, oldest first. CloudWatch answers from the whole minute (or more)
 * before what was asked, and after an act the period that it fell into still counts what was before it. @throws ToolError
 */
export async function metricPoints(
  tools: Tools,
  request: MetricRequest,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Point[]> {
  const dimensions = Object.entries(request.dimensions).map(([name, value]) => ({ name, value }));
  const args: JsonObject = {
    namespace: request.namespace,
    metric_name: request.name,
    dimensions,
    statistic: request.statistic,
    start_time: window.from.toISOString(),
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
  const within = points.filter(([time]) => time * 1000 >= window.from.getTime());
  return within.toSorted((a, b) => a[0] - b[0]).slice(-mostPoints);
}
