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
  return blockInterval(values.map((value) => [value]));
}

/** The same of values of which those of one block go together: a block is drawn whole. */
export function blockInterval(blocks: readonly (readonly number[])[]): Interval {
  const next = seeded(blocks.length);
  const sums = blocks.map((block) => block.reduce((all, one) => all + one, 0));
  const means = Array.from({ length: draws }, () => {
    let [sum, count] = [0, 0];
    for (let index = 0; index < blocks.length; index += 1) {
      const drawn = Math.floor(next() * blocks.length);
      sum += sums[drawn] ?? 0;
      count += blocks[drawn]?.length ?? 0;
    }
    return rounded(sum / count);
  }).toSorted((a, b) => a - b);
  return [means[Math.floor(0.025 * draws)] ?? Number.NaN, means[Math.ceil(0.975 * draws) - 1] ?? Number.NaN];
}
