/** How many of how many, with a 95 % interval. All of it in [0, 1]; NaN where there are none. */
export interface Share {
  readonly hits: number;
  readonly n: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.96;

/** By Wilson's score interval, which also holds where all or none hit. Source: E. B. Wilson, JASA 22 (1927), 209-212. */
export function shareOf(hits: number, n: number): Share {
  const share = hits / n;
  const scale = 1 + z ** 2 / n;
  const centre = (share + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return {
    hits,
    n,
    share: rounded(share),
    low: rounded(Math.max(0, centre - half)),
    high: rounded(Math.min(1, centre + half)),
  };
}

/** `0.93 (56/60; 0.84-0.97)` */
export function told({ hits, n, share, low, high }: Share): string {
  return n === 0 ? '-' : `${share.toFixed(2)} (${hits}/${n}; ${low.toFixed(2)}-${high.toFixed(2)})`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Nearest rank: a value that was seen. NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
