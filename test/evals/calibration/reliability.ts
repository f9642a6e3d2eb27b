/** How surely something was said, and whether it is so. */
export interface Said {
  readonly confidence: number;
  readonly isTrue: boolean;
}

export interface Bin {
  /** From, included; to, not included but for 1. */
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly hits: number;
  readonly meanConfidence: number;
  /** Undefined where too few were said to claim anything. */
  readonly hitRate?: number;
}

/** Fewer tell nothing. */
export const fewest = 20;
const bins = 10;

/** Mean squared difference of what was said and what is so: 0 is best, 0.25 that of always saying a half. */
export function brier(all: readonly Said[]): number {
  return mean(all.map(({ confidence, isTrue }) => (confidence - (isTrue ? 1 : 0)) ** 2));
}

export function binsOf(all: readonly Said[]): readonly Bin[] {
  return Array.from({ length: bins }, (_, index) => {
    const within = all.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === index);
    const hits = within.filter(({ isTrue }) => isTrue).length;
    return {
      from: index / bins,
      to: (index + 1) / bins,
      n: within.length,
      hits,
      meanConfidence: mean(within.map(({ confidence }) => confidence)),
      ...(within.length < fewest ? {} : { hitRate: hits / within.length }),
    };
  });
}

/** How far what is said is from what is so, over the bins that tell something, weighed by how much was said in each. */
export function calibrationError(all: readonly Said[]): number {
  const telling = binsOf(all).flatMap(({ n, hitRate, meanConfidence }) =>
    hitRate === undefined ? [] : [{ n, off: Math.abs(hitRate - meanConfidence) }],
  );
  const total = telling.reduce((sum, { n }) => sum + n, 0);
  return telling.reduce((sum, { n, off }) => sum + n * off, 0) / total;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
