export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export function within(time: Date | undefined, window: Window): boolean {
  return time !== undefined && time >= window.from && time <= window.to;
}

export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** Since when there have been `count` of them at the latest, by when those began that are still there; undefined where fewer are known. */
export function countReached(begins: readonly Date[], count: number): Date | undefined {
  return begins.toSorted((a, b) => a.getTime() - b.getTime())[Math.max(1, count) - 1];
}

/** The earliest, as RFC 3339; undefined where there is none. */
export function earliest(times: readonly (Date | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined).map((time) => time.getTime());
  return known.length === 0 ? undefined : new Date(Math.min(...known)).toISOString();
}
