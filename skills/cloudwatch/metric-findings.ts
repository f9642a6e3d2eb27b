import type { Finding, Series } from '../../controller/evidence/finding.ts';
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

/** Robust standard deviations from its own history beyond which a value is strange. */
const strange = 4;
const fewestBefore = 5;
/** So many of the window's points must be strange: one spike is none. */
const fewestStrange = 2;

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
export function anomalyFindings(node: string, read: readonly ReadMetric[], window: Window): readonly Finding[] {
  return read.flatMap((one) => anomaly(node, one, window));
}

function anomaly(node: string, { metric, points }: ReadMetric, window: Window): readonly Finding[] {
  const from = window.from.getTime() / 1000;
  const history = points.filter(([time]) => time < from).map(([, value]) => value);
  const now = points.filter(([time]) => time >= from);
  if (history.length < fewestBefore) return [];
  const sign = metric.worse === 'Up' ? 1 : -1;
  const odd = now.filter(([, value]) => sign * robustZ(value, history) > strange);
  if (odd.length < fewestStrange || odd.length * 2 < now.length) return [];
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
      since: new Date((odd[0]?.[0] ?? from) * 1000).toISOString(),
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
