export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export interface Span {
  readonly now: Date;
  readonly lookbackSeconds: number;
  /** When the symptom began, where that is known. */
  readonly since?: string;
  /** For how long answers are shared; 0 where they are not. */
  readonly shareMs: number;
}

/**
 * Before the first act: the look-back, or from the symptom's begin. Both ends lie on a grid of `shareMs`: most systems are asked for a
 * window, so only sessions whose windows are the same to the millisecond ask the same questions. The end is the grid's next line and not
 * its last, as what a session was opened for may be younger than that; of a time to come there is nothing to see.
 */
export function sharedWindow({ now, lookbackSeconds, since, shareMs }: Span): Window {
  const lookback = now.getTime() - lookbackSeconds * 1000;
  const begin = since === undefined ? lookback : Math.min(lookback, new Date(since).getTime());
  const step = Math.max(1, shareMs);
  return { from: new Date(Math.floor(begin / step) * step), to: new Date(Math.ceil(now.getTime() / step) * step) };
}
