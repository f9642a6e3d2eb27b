/** [seconds since the epoch, value], oldest first. */
export type Point = readonly [number, number];

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Linear between the two nearest ranks, as Hyndman and Fan's type 7 has it; NaN without values. `percent` in [0, 100]. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Scales the median absolute deviation to the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4). */
const madToSigma = 1.4826;

/**
 * How far a value lies from its own history, in robust standard deviations (median and MAD, which outliers in the history
 * do not move). A history that never varied gets a floor of 1 % of its level, so that noise is not infinitely strange.
 */
export function robustZ(value: number, history: readonly number[]): number {
  const centre = median(history);
  const spread = madToSigma * median(history.map((one) => Math.abs(one - centre)));
  const floor = Math.max(Math.abs(centre) * 0.01, Number.EPSILON);
  return (value - centre) / Math.max(spread, floor);
}

/** Theil and Sen's slope: the median of the slopes of all pairs, in units a second; NaN for fewer than two points. */
export function robustSlope(points: readonly Point[]): number {
  const slopes: number[] = [];
  for (const [index, [t1, v1]] of points.entries()) {
    for (const [t2, v2] of points.slice(index + 1)) if (t2 > t1) slopes.push((v2 - v1) / (t2 - t1));
  }
  return median(slopes);
}

export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
