import { compareNaturally, toNumber, toText, type Value } from './values.ts';

/** What one record of a group gives to an aggregate: the values of its arguments, and when it was written (ms). */
export interface Sample {
  readonly values: readonly Value[];
  readonly timestamp: number;
}

export interface AggregateFunction {
  /** The least and the most arguments; `count(*)` has none. */
  readonly arity: readonly [number, number];
  readonly apply: (samples: readonly Sample[]) => Value;
}

const overNumbers = (apply: (numbers: number[]) => number): AggregateFunction => ({
  arity: [1, 1],
  apply: (samples) => {
    const numbers = numbersOf(samples);
    return numbers.length === 0 ? undefined : apply(numbers);
  },
});
const overPresent = (apply: (samples: Sample[]) => Value): AggregateFunction => ({
  arity: [1, 1],
  apply: (samples) => apply(samples.filter((sample) => sample.values[0] !== undefined)),
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;

/** The functions of a group of records, by their lower-case names. */
export const aggregates: ReadonlyMap<string, AggregateFunction> = new Map<string, AggregateFunction>([
  ['count', { arity: [0, 1], apply: count }],
  ['count_distinct', overPresent((samples) => new Set(samples.map(textOf)).size)],
  ['sum', overNumbers(sum)],
  ['avg', overNumbers(mean)],
  ['stddev', overNumbers((numbers) => Math.sqrt(mean(numbers.map((number) => (number - mean(numbers)) ** 2))))],
  ['min', overPresent((samples) => inOrder(samples).at(0))],
  ['max', overPresent((samples) => inOrder(samples).at(-1))],
  ['sortsfirst', overPresent((samples) => inOrder(samples).at(0))],
  ['sortslast', overPresent((samples) => inOrder(samples).at(-1))],
  ['earliest', overPresent((samples) => byTime(samples).at(0)?.values[0])],
  ['latest', overPresent((samples) => byTime(samples).at(-1)?.values[0])],
  ['pct', { arity: [2, 2], apply: percentile }],
]);

function count(samples: readonly Sample[]): number {
  return samples.filter((sample) => sample.values.length === 0 || sample.values[0] !== undefined).length;
}

/** The nearest rank: a value that is there, at or above which the given share of values lies at or below. */
function percentile(samples: readonly Sample[]): Value {
  const sorted = numbersOf(samples).toSorted((left, right) => left - right);
  const percent = toNumber(samples[0]?.values[1]) ?? 0;
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function numbersOf(samples: readonly Sample[]): number[] {
  return samples.map((sample) => toNumber(sample.values[0])).filter((number) => number !== undefined);
}

function textOf(sample: Sample): string {
  const value = sample.values[0];
  return value === undefined ? '' : toText(value);
}

function inOrder(samples: readonly Sample[]): Value[] {
  return samples.map((sample) => sample.values[0]).toSorted(compareNaturally);
}

/** Records come newest first; those of one millisecond keep the order that they were written in. */
function byTime(samples: readonly Sample[]): Sample[] {
  return samples.toReversed().toSorted((left, right) => left.timestamp - right.timestamp);
}
