/** One of those that may be the cause. */
export interface Ranked {
  readonly node: string;
  /** Higher is likelier; in whatever measure the method has. */
  readonly share: number;
}

/** Is the node among the first k? Within a tie by the expected value over its orders. */
export function hitAt(k: number, node: string, ranked: readonly Ranked[]): number {
  const own = ranked.find((one) => one.node === node);
  if (own === undefined) return 0;
  const above = ranked.filter(({ share }) => share > own.share).length;
  const tied = ranked.filter(({ share }) => share === own.share).length;
  return Math.min(1, Math.max(0, (k - above) / tied));
}
