import { type Point, robustZ } from './statistics.ts';
import type { Window } from './time.ts';

/** The direction that is bad. */
export type Worse = 'Up' | 'Down';

export interface Oddness {
  /** The points of the window that are strange, oldest first. */
  readonly odd: readonly Point[];
  /** Values before the window, or of the time that tells what is normal. */
  readonly history: readonly number[];
}

/** Robust standard deviations from its own history beyond which a value is strange. */
const strange = 4;
const fewestBefore = 5;
/** So many of the window's points must be strange: one spike is none. */
const fewestStrange = 2;
/** Strange points in a row up to the newest that tell by themselves: what has just begun fills no half of a window. */
const inARow = 5;

/**
 * Whether a metric has gone the bad way, far beyond how it was before the window; undefined where it has not.
 * @param usual points of another time that tells what is normal, where there are enough of them
 */
export function oddnessOf(
  points: readonly Point[],
  from: Window['from'],
  worse: Worse,
  usual: readonly Point[] = [],
): Oddness | undefined {
  const begin = from.getTime() / 1000;
  const before = points.filter(([time]) => time < begin);
  const history = (usual.length < fewestBefore ? before : usual).map(([, value]) => value);
  const now = points.filter(([time]) => time >= begin);
  if (history.length < fewestBefore) return undefined;
  const sign = worse === 'Up' ? 1 : -1;
  const isOdd = ([, value]: Point): boolean => sign * robustZ(value, history) > strange;
  const odd = now.filter(isOdd);
  const lasts = now.length >= inARow && now.slice(-inARow).every(isOdd);
  if (odd.length < fewestStrange || (odd.length * 2 < now.length && !lasts)) return undefined;
  return { odd, history };
}
