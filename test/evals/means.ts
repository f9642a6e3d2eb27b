import { seeded } from '../helpers/random.ts';

export type Interval = readonly [number, number];

/** NaN without values. */
export function mean(values: readonly number[]): number {
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const draws = 2000;

/** 95 % bootstrap interval of a mean, the same for the same values. */
export function interval(values: readonly number[]): Interval {
  const next = seeded(values.length);
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let index = 0; index < values.length; index += 1) sum += values[Math.floor(next() * values.length)] ?? 0;
    return rounded(sum / values.length);
  }).toSorted((a, b) => a - b);
  return [means[Math.floor(0.025 * draws)] ?? Number.NaN, means[Math.ceil(0.975 * draws) - 1] ?? Number.NaN];
}
