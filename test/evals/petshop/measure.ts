import { performance } from 'node:perf_hooks';
import { bundleOf } from './as-bundle.ts';
import { hitAt, rankOf, type Ranked } from './rank.ts';
import type { DataSet, LabelledCase, Metrics } from './read.ts';

export interface Judged {
  readonly name: string;
  readonly metric: string;
  readonly rootCause: string;
  readonly ranked: readonly Ranked[];
  readonly top1: number;
  readonly top3: number;
  readonly ms: number;
}

export function judge(data: DataSet, { name, metrics, target, rootCause }: LabelledCase): Judged {
  const began = performance.now();
  const ranked = rankOf(bundleOf(data, data.normal, metrics, target));
  const ms = performance.now() - began;
  const hits = { top1: hitAt(1, rootCause, ranked), top3: hitAt(3, rootCause, ranked) };
  return { name, metric: target.metric, rootCause, ranked, ...hits, ms };
}

const rows = 5;

/**
 * The share of ordinary windows in which nothing is named: each run of five rows of the second half of normal operation, for
 * each metric that the cases have, with the first half as the reference.
 */
export function specificity(data: DataSet): { readonly windows: number; readonly share: number } {
  const nodes = new Map(data.cases.map(({ target }) => [`${target.node} ${target.metric}`, target]));
  let [windows, silent] = [0, 0];
  for (const target of nodes.values()) {
    const times = (data.normal.get(target.node)?.get(target.metric) ?? []).map(([at]) => at);
    const half = times[Math.floor(times.length / 2)] ?? 0;
    const reference = between(data.normal, Number.NEGATIVE_INFINITY, half - 1);
    const later = times.filter((at) => at >= half);
    for (let first = 0; first + rows <= later.length; first += 1) {
      const [from = 0, noticed = 0] = later.slice(first);
      const window = between(data.normal, from, later[first + rows - 1] ?? from);
      const bundle = bundleOf(data, reference, window, { ...target, timestamp: noticed });
      windows += 1;
      if (rankOf(bundle).length === 0) silent += 1;
    }
  }
  return { windows, share: windows === 0 ? Number.NaN : silent / windows };
}

function between(metrics: Metrics, from: number, to: number): Metrics {
  return new Map(
    [...metrics].map(([node, all]) => [
      node,
      new Map([...all].map(([metric, points]) => [metric, points.filter(([at]) => at >= from && at <= to)])),
    ]),
  );
}
