import { median } from '../../../skills/lib/statistics.ts';
import type { Series } from '../../evidence/finding.ts';

/** Time in equal steps, so that series of different sources can be laid over one another. */
export interface Grid {
  /** Seconds since the epoch. */
  readonly origin: number;
  readonly step: number;
}

/** A series on a grid: the value of each step that has one, in order. */
export type Course = ReadonlyMap<number, number>;

/** The grid on which a series has about one point a step, its last one at a step's begin; undefined for fewer than three. */
export function gridOf({ points }: Series): Grid | undefined {
  const gaps = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  const step = median(gaps.filter((gap) => gap > 0));
  const origin = points.at(-1)?.[0];
  return origin === undefined || points.length < 3 || Number.isNaN(step) ? undefined : { origin, step };
}

export function stepAt(seconds: number, { origin, step }: Grid): number {
  return Math.floor((seconds - origin) / step);
}

/** Several points within one step are averaged; `convert` brings each into the course's unit. */
export function courseOf(series: Series, grid: Grid, convert = (value: number): number => value): Course {
  const course = new Map<number, number>();
  const counts = new Map<number, number>();
  for (const [at, value] of series.points) {
    if (!Number.isFinite(value)) continue;
    const step = stepAt(at, grid);
    const count = counts.get(step) ?? 0;
    course.set(step, ((course.get(step) ?? 0) * count + convert(value)) / (count + 1));
    counts.set(step, count + 1);
  }
  return bridged(course);
}

/** What is missing for longer was not there: no calls, no values. */
const longestGap = 2;

/** Fills short gaps by a straight line: a value that was lost must not hide when something happened. */
function bridged(course: Course): Course {
  const all = new Map<number, number>();
  let [last, from]: readonly [number?, number?] = [];
  for (const [step, value] of course) {
    if (last !== undefined && from !== undefined && step - last <= longestGap + 1) {
      for (let lost = last + 1; lost < step; lost += 1) {
        all.set(lost, from + ((value - from) * (lost - last)) / (step - last));
      }
    }
    all.set(step, value);
    [last, from] = [step, value];
  }
  return all;
}

/** Counted things a second, whether the series counts them by its own period or gives their rate. */
export function rateOf(series: Series, grid: Grid): Course {
  const isRate = /\/s$|per second$/i.test(series.unit);
  const period = isRate ? 1 : (gridOf(series)?.step ?? grid.step);
  return courseOf(series, grid, (value) => value / period);
}
