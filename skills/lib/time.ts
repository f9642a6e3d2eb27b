export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** What a probe looks at. */
export interface ProbeWindow extends Window {
  /** What was until then tells what is normal; the window's own begin where it is left out. After an act that is before the harm. */
  readonly normalUntil?: Date;
}

/** The time that tells what is normal, of so many seconds. */
export function usualTime({ from, normalUntil = from }: ProbeWindow, seconds: number): Window {
  return { from: new Date(normalUntil.getTime() - seconds * 1000), to: normalUntil };
}

/** With so many seconds before it. */
export function withLead({ from, to }: Window, seconds: number): Window {
  return { from: new Date(from.getTime() - seconds * 1000), to };
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
