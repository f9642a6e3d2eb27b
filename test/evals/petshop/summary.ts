import { interval, mean, rounded, type Interval } from '../means.ts';
import { shareOf } from '../shares.ts';
import type { Judged, Silence } from './measure.ts';

export interface Accuracy {
  readonly cases: number;
  /** Shares of the cases, of a tie its expected value; NaN (in JSON null) where there are no cases. */
  readonly top1: number;
  readonly top3: number;
  /** Bootstrap: of no width where all or none hit. */
  readonly intervals: { readonly top1: Interval; readonly top3: Interval };
  /** Wilson's, which holds there too. */
  readonly wilson: { readonly top1: Interval; readonly top3: Interval };
}

export interface Summary extends Accuracy {
  readonly latency: Accuracy;
  readonly availability: Accuracy;
  /** Share of the cases in which nothing is named. */
  readonly empty: number;
  /** Share of ordinary windows in which nothing is named; NaN where there are none. */
  readonly specificity: number;
  readonly specificityInterval: Interval;
  readonly windows: number;
  /** Of the windows, so many have no row in common. */
  readonly windowsApart: number;
  readonly msPerCase: number;
}

export function summaryOf(all: readonly Judged[], silence: Silence): Summary {
  const of = (metric: string): Accuracy => accuracy(all.filter((one) => one.metric === metric));
  return {
    ...accuracy(all),
    latency: of('latency'),
    availability: of('availability'),
    empty: mean(all.map(({ ranked }) => (ranked.length === 0 ? 1 : 0))),
    specificity: rounded(silence.share),
    specificityInterval: silence.interval,
    windows: silence.windows,
    windowsApart: silence.apart,
    msPerCase: mean(all.map(({ ms }) => ms)),
  };
}

function accuracy(all: readonly Judged[]): Accuracy {
  const [first, three] = [all.map(({ top1 }) => top1), all.map(({ top3 }) => top3)];
  const intervals = { top1: interval(first), top3: interval(three) };
  const wilson = { top1: wilsonOf(first), top3: wilsonOf(three) };
  return { cases: all.length, top1: mean(first), top3: mean(three), intervals, wilson };
}

function wilsonOf(hits: readonly number[]): Interval {
  const { low, high } = shareOf(
    hits.reduce((sum, one) => sum + one, 0),
    hits.length,
  );
  return [low, high];
}
