import type { Point } from '../../../skills/lib/statistics.ts';
import type { Metrics } from './read.ts';

/** By node, metric and statistic (`average`, `p90`, in lower case), the points, oldest first. */
export type Measures = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>>;

/** After the one that was asked for; requests are counted before anything else is looked at. */
const usual: readonly string[] = ['average', 'p50', 'p90', 'p95', 'p99', 'sum'];
const first: Readonly<Record<string, string>> = { requests: 'sum' };

/**
 * One statistic for each node and metric: the wanted one, else the first of the usual ones, that `other` has as well, so that normal
 * operation and a window are held against the same.
 */
export function chosen(own: Measures, other: Measures, wanted: string): Metrics {
  return new Map(
    [...own].map(([node, metrics]) => [
      node,
      new Map(
        [...metrics].flatMap(([metric, byStatistic]) => {
          const order = [first[metric] ?? wanted.toLowerCase(), wanted.toLowerCase(), ...usual];
          const points = byStatistic.get(statisticIn(byStatistic, other.get(node)?.get(metric), order) ?? '');
          return points === undefined ? [] : [[metric, points] as const];
        }),
      ),
    ]),
  );
}

type Named = ReadonlyMap<string, unknown>;

function statisticIn(own: Named, other: Named = own, order: readonly string[]): string | undefined {
  const both = [...own.keys()].filter((name) => other.has(name));
  return order.find((name) => both.includes(name)) ?? both.toSorted()[0];
}
