import type { ProbeWindow, Window } from '../../../skills/lib/time.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';

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

/**
 * After an act only what came since counts; after one that was taken back, what the first look saw as well. What is normal is told by the
 * time before that always: right before an act there was the harm.
 * @param from the act, or whatever else the world is judged from
 */
export function windowSince(
  from: Date | undefined,
  snapshot: Snapshot,
  deps: Pick<Dependencies, 'clock' | 'timings'>,
): ProbeWindow {
  const now = deps.clock.now();
  const { startedAt } = snapshot.status;
  const first = firstWindow(snapshot, deps, { now: startedAt === undefined ? now : new Date(startedAt), shareMs: 0 });
  return from === undefined ? { from: first.from, to: now } : { from, to: now, normalUntil: first.from };
}

/** The look-back, or from the symptom's begin. */
export function firstWindow(
  { session }: Snapshot,
  { timings }: Pick<Dependencies, 'timings'>,
  { now, shareMs }: Pick<Span, 'now' | 'shareMs'>,
): Window {
  const since = session.spec.symptom?.since;
  const { lookbackSeconds } = timings;
  return sharedWindow({ now, lookbackSeconds, shareMs, ...(since === undefined ? {} : { since }) });
}
