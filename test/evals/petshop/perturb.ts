import { shuffled } from '../../helpers/random.ts';
import type { Point } from '../../../skills/lib/statistics.ts';
import type { DataSet, LabelledCase, Metrics } from './read.ts';
import { renamed } from './rename.ts';
import { shared } from './shared.ts';

/** The same faults as they would have looked on another day or elsewhere. */
export type Perturbation = (data: DataSet, next: () => number) => DataSet;

type Value = (metric: string, value: number, at: number) => number;
type Points = (points: readonly Point[]) => readonly Point[];

export const perturbations: Readonly<Record<string, Perturbation>> = {
  none: (data) => data,
  'requests x10': byValue(() => requests((value) => value * 10)),
  'requests /10': byValue(() => requests((value) => value / 10)),
  'requests by the hour': byValue(() => requests((value, at) => value * tide(at))),
  'load by the hour': byValue(() => (metric, value, at) => {
    if (metric === 'availability') return value;
    return metric === 'requests' ? value * tide(at) : value * (0.8 + 0.2 * tide(at));
  }),
  'latency x3': byValue(() => (metric, value) => (metric === 'latency' ? value * 3 : value)),
  'values +-2 %': byValue((next) => (metric, value) => jittered(metric, value, 1 + 0.04 * (next() - 0.5))),
  'normal 30 % faster': inNormal((points, metric) => {
    return metric === 'latency' ? points.map(([at, value]): Point => [at, value * 0.7]) : points;
  }),
  '10 % missing': everywhere((next) => (points) => points.filter(() => next() >= 0.1)),
  '30 % missing': everywhere((next) => (points) => points.filter(() => next() >= 0.3)),
  'half of normal': inNormal((points) => points.slice(points.length / 2)),
  'every other normal': inNormal((points) => points.filter((_, index) => index % 2 === 0)),
  'another time': byCase((one) => noticed({ ...one, metrics: mapped(one.metrics, later(4321)) }, 4321)),
  'noticed 5 min late': byCase((one) => noticed(one, 300)),
  'noticed 5 min early': byCase((one) => noticed(one, -300)),
  'half the harm': byCase((one) => ({ ...one, metrics: mapped(one.metrics, halfOfHarm(one.target.timestamp)) })),
  renamed,
  'columns shuffled': disordered,
  'availability +-2': byValue((next) => (metric, value) => {
    return metric === 'availability' ? Math.min(100, value + 4 * (next() - 0.5)) : value;
  }),
  'symptom unmeasured': byCase(({ target, ...one }) => ({
    ...one,
    target,
    normal: without(one.normal, target.node),
    metrics: without(one.metrics, target.node),
  })),
  'cause unmeasured': byCase((one) => ({ ...one, metrics: without(one.metrics, one.rootCause) })),
};

const [hour, day] = [3600, 86_400];

/** Half more or less in the course of a day, a fifth in the course of an hour. */
function tide(at: number): number {
  const wave = (period: number): number => Math.sin((2 * Math.PI * at) / period);
  return 1 + 0.5 * wave(day) + 0.2 * wave(hour);
}

function requests(change: (value: number, at: number) => number): Value {
  return (metric, value, at) => (metric === 'requests' ? change(value, at) : value);
}

/** Of availability, what fails is jittered: two calls in a hundred are much where one in a hundred fails. */
function jittered(metric: string, value: number, by: number): number {
  return metric === 'availability' ? 100 - (100 - value) * by : value * by;
}

function byValue(change: (next: () => number) => Value): Perturbation {
  return everywhere(
    (next) => (points, metric) => points.map(([at, value]): Point => [at, change(next)(metric, value, at)]),
  );
}

type Change = (points: readonly Point[], metric: string) => readonly Point[];

function everywhere(change: (next: () => number) => Change): Perturbation {
  return ({ cases, calls }, next) => {
    const normalOf = shared((metrics) => mapped(metrics, change(next)));
    const other = (one: LabelledCase): LabelledCase => ({
      ...one,
      normal: normalOf(one.normal),
      metrics: mapped(one.metrics, change(next)),
    });
    return { calls, cases: cases.map(other) };
  };
}

function inNormal(change: Change): Perturbation {
  return normally((metrics) => mapped(metrics, change));
}

function normally(change: (metrics: Metrics) => Metrics): Perturbation {
  return (data, next) => {
    const normalOf = shared(change);
    return byCase((one) => ({ ...one, normal: normalOf(one.normal) }))(data, next);
  };
}

function byCase(change: (one: LabelledCase) => LabelledCase): Perturbation {
  return (data) => ({ ...data, cases: data.cases.map(change) });
}

function noticed(one: LabelledCase, seconds: number): LabelledCase {
  return { ...one, target: { ...one.target, timestamp: one.target.timestamp + seconds } };
}

function later(seconds: number): Points {
  return (points) => points.map(([at, value]): Point => [at + seconds, value]);
}

/** A row covers what follows it. */
const rowSeconds = 300;

/** Half-way back to the last value before the symptom was noticed. */
function halfOfHarm(since: number): Points {
  return (points) => {
    const before = points.findLast(([at]) => at + rowSeconds <= since)?.[1];
    return points.map(([at, value]): Point => [at, at + rowSeconds <= since ? value : (value + (before ?? value)) / 2]);
  };
}

function without(metrics: Metrics, node: string): Metrics {
  return new Map([...metrics].filter(([name]) => name !== node));
}

function disordered(data: DataSet, next: () => number): DataSet {
  const other = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => new Map(shuffled([...map], next));
  const calls = new Map([...other(data.calls)].map(([from, to]) => [from, shuffled(to, next)]));
  const normalOf = shared(other);
  const cases = data.cases.map((one) => ({ ...one, normal: normalOf(one.normal), metrics: other(one.metrics) }));
  return { calls, cases };
}

function mapped(metrics: Metrics, change: Change): Metrics {
  return new Map(
    [...metrics].map(([node, all]) => [
      node,
      new Map([...all].map(([metric, points]) => [metric, change(points, metric)])),
    ]),
  );
}
