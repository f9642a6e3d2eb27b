/**
 * Latencies counted in buckets whose bounds grow by 2 %, so that the runs of a long test can be added up and a percentile of the
 * sum is at most 2 % above the true one. Keys are bucket numbers; bucket n holds what is above 1.02^(n-1) and up to 1.02^n, in
 * hundredths of a millisecond.
 */
export type Histogram = Readonly<Record<string, number>>;

const growth = Math.log(1.02);
const unitsAMs = 100;

export function histogramOf(milliseconds: readonly number[]): Histogram {
  const counts: Record<string, number> = {};
  for (const ms of milliseconds) {
    const bucket = String(Math.max(0, Math.ceil(Math.log(Math.max(ms * unitsAMs, 1)) / growth)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

export function addHistograms(histograms: readonly Histogram[]): Histogram {
  const sum: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const [bucket, count] of Object.entries(histogram)) sum[bucket] = (sum[bucket] ?? 0) + count;
  }
  return sum;
}

/** The upper bound of the bucket that holds the nearest rank, in milliseconds; NaN when nothing was counted. */
export function histogramPercentile(histogram: Histogram, percent: number): number {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .toSorted((a, b) => a[0] - b[0]);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((total * percent) / 100));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return Math.exp(bucket * growth) / unitsAMs;
  }
  return Number.NaN;
}
