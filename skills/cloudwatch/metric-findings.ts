import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { oddnessOf } from '../lib/anomaly.ts';
import { findingId } from '../lib/finding-id.ts';
import type { GapList } from '../lib/gaps.ts';
import { metricPoints } from '../lib/metric-call.ts';
import { median, type Point, robustZ, round } from '../lib/statistics.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import type { CloudWatchSettings, WatchedMetric } from './parameters.ts';

/** A watched metric with its points of the baseline and the window. */
export interface ReadMetric {
  readonly metric: WatchedMetric;
  readonly points: readonly Point[];
}

export function readMetrics(
  context: ProbeContext,
  { metrics }: CloudWatchSettings,
  span: Window,
  gaps: GapList,
): Promise<readonly ReadMetric[]> {
  return Promise.all(
    metrics.map(async (metric) => {
      const points = metricPoints(context.tools, metric, span, context.signal);
      return { metric, points: await gaps.orGap(`metric ${metric.name}`, points, []) };
    }),
  );
}

export function metricSeries(node: string, read: readonly ReadMetric[]): readonly Series[] {
  return read
    .filter(({ points }) => points.length > 0)
    .map(({ metric, points }) => ({
      name: metric.name,
      node,
      aspect: metric.aspect,
      unit: metric.unit,
      points,
      source: sourceOf(metric),
    }));
}

/** Metrics that have gone the bad way, far beyond how they were before the window. */
export function anomalyFindings(
  node: string,
  read: readonly ReadMetric[],
  window: Window,
  usual?: readonly ReadMetric[],
): readonly Finding[] {
  return read.flatMap((one, index) => anomaly(node, one, window, usual?.[index]?.points));
}

function anomaly(
  node: string,
  { metric, points }: ReadMetric,
  window: Window,
  usual: readonly Point[] | undefined,
): readonly Finding[] {
  const oddness = oddnessOf(points, window.from, metric.worse, usual);
  if (oddness === undefined) return [];
  const { odd, history } = oddness;
  const kind = 'cloudwatch.MetricAnomaly';
  const value = median(odd.map(([, one]) => one));
  const normal = median(history);
  const z = round(robustZ(value, history), 1);
  return [
    {
      id: findingId(node, kind, metric.name),
      node,
      kind,
      severity: 'Warning',
      summary: `${metric.name} is ${round(value, 3)} ${metric.unit}, usually ${round(normal, 3)} (${z} robust standard deviations)`,
      since: new Date((odd[0]?.[0] ?? 0) * 1000).toISOString(),
      value: round(value, 3),
      threshold: round(normal, 3),
      ...(metric.unit === '' ? {} : { unit: metric.unit }),
      source: sourceOf(metric),
      facts: { z, aspect: metric.aspect, worse: metric.worse, normal: round(normal, 3) },
    },
  ];
}

function sourceOf({ namespace, name, statistic }: WatchedMetric): string {
  return `get_metric_data ${namespace} ${name} ${statistic}`;
}
