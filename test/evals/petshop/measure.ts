import { performance } from 'node:perf_hooks';
import { blockInterval, mean, type Interval } from '../means.ts';
import { hitAt, type Ranked } from '../ranked.ts';
import type { Method } from './rank.ts';
import type { DataSet, LabelledCase, Metrics, Target } from './read.ts';

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
export function judged(method: Method, { calls, cases }: DataSet): readonly Judged[] {
  return cases.map(({ name, normal, metrics, target, rootCause }) => {
    const began = performance.now();
    const ranked = method({ calls, normal, window: metrics, target });
    const ms = performance.now() - began;
    const hits = { top1: hitAt(1, rootCause, ranked), top3: hitAt(3, rootCause, ranked) };
    return { name, metric: target.metric, rootCause, ranked, ...hits, ms };
  });
}

export interface Silence {
  readonly windows: number;
  /** So many of them that no two have a row in common, at whatever metric. */
  readonly apart: number;
  /** NaN where normal operation is too short for a window. */
  readonly share: number;
  /** Of the share, with windows that overlap drawn together. */
  readonly interval: Interval;
}

const rows = 5;

/**
 * The share of ordinary windows in which nothing is named: each run of five rows of the second half of normal operation, for
 * each metric that the cases have, with the first half as the reference.
 */
export function specificity(method: Method, { calls, cases }: DataSet): Silence {
  const blocks = new Map<number, number[]>();
  for (const { target, normal: all } of new Map(cases.map((one) => [symptomOf(one), one])).values()) {
    const times = timesOf(all, target);
    const half = times[Math.floor(times.length / 2)] ?? 0;
    const normal = between(all, Number.NEGATIVE_INFINITY, half - 1);
    const later = times.filter((at) => at >= half);
    for (let first = 0; first + rows <= later.length; first += 1) {
      const [from = 0, timestamp = 0] = later.slice(first);
      const window = between(all, from, later[first + rows - 1] ?? from);
      const silent = method({ calls, normal, window, target: { ...target, timestamp } }).length === 0;
      const block = Math.floor(first / rows);
      blocks.set(block, [...(blocks.get(block) ?? []), silent ? 1 : 0]);
    }
  }
  const all = [...blocks.values()];
  return { windows: all.flat().length, apart: all.length, share: mean(all.flat()), interval: blockInterval(all) };
}

function symptomOf({ target }: LabelledCase): string {
  return `${target.node} ${target.metric}`;
}

/** Of the symptom's own series; of all where nobody measures it. */
function timesOf(metrics: Metrics, { node, metric }: Target): readonly number[] {
  const own = metrics.get(node)?.get(metric);
  const points = own ?? [...metrics.values()].flatMap((all) => [...all.values()].flat());
  return [...new Set(points.map(([at]) => at))].toSorted((a, b) => a - b);
}

function between(metrics: Metrics, from: number, to: number): Metrics {
  return new Map(
    [...metrics].map(([node, all]) => [
      node,
      new Map([...all].map(([metric, points]) => [metric, points.filter(([at]) => at >= from && at <= to)])),
    ]),
  );
}
