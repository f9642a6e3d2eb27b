import { performance } from 'node:perf_hooks';
import { hitAt, type Ranked } from '../ranked.ts';
import type { Method } from './rank.ts';
import type { DataSet, Metrics } from './read.ts';

export interface Judged {
  readonly name: string;
  readonly metric: string;
  readonly rootCause: string;
  readonly ranked: readonly Ranked[];
  readonly top1: number;
  readonly top3: number;
  readonly ms: number;
}

/** Every case, ranked by the method and held against its label. */
export function judged(method: Method, { calls, normal, cases }: DataSet): readonly Judged[] {
  return cases.map(({ name, metrics, target, rootCause }) => {
    const began = performance.now();
    const ranked = method({ calls, normal, window: metrics, target });
    const ms = performance.now() - began;
    const hits = { top1: hitAt(1, rootCause, ranked), top3: hitAt(3, rootCause, ranked) };
    return { name, metric: target.metric, rootCause, ranked, ...hits, ms };
  });
}

export interface Silence {
  readonly windows: number;
  /** NaN where normal operation is too short for a window. */
  readonly share: number;
}

const rows = 5;

/**
 * The share of ordinary windows in which nothing is named: each run of five rows of the second half of normal operation, for
 * each metric that the cases have, with the first half as the reference.
 */
export function specificity(method: Method, { calls, normal: all, cases }: DataSet): Silence {
  const targets = new Map(cases.map(({ target }) => [`${target.node} ${target.metric}`, target]));
  let [windows, silent] = [0, 0];
  for (const target of targets.values()) {
    const times = (all.get(target.node)?.get(target.metric) ?? []).map(([at]) => at);
    const half = times[Math.floor(times.length / 2)] ?? 0;
    const normal = between(all, Number.NEGATIVE_INFINITY, half - 1);
    const later = times.filter((at) => at >= half);
    for (let first = 0; first + rows <= later.length; first += 1) {
      const [from = 0, timestamp = 0] = later.slice(first);
      const window = between(all, from, later[first + rows - 1] ?? from);
      windows += 1;
      if (method({ calls, normal, window, target: { ...target, timestamp } }).length === 0) silent += 1;
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
