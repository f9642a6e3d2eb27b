import { type Point, median, robustSlope, round } from '../lib/statistics.ts';

/**
 * How memory was used over the lives of the tasks. Rising: it grows steadily until something ends it, again and again, as a
 * leak does. Plateau: it settles, as a program does whose need is simply above its limit.
 */
export type MemoryShape = 'Rising' | 'Plateau' | 'Unknown';

export type MemoryUse = {
  readonly shape: MemoryShape;
  /** Percent of the limit, oldest first; the last 12 samples. */
  readonly last: readonly number[];
  readonly peak: number | null;
  /** Percent of the limit a minute, the median over the lives. */
  readonly slopePerMinute: number | null;
};

/** A fall of this share of the level is a task that ended, not a collection of garbage. */
const fallShare = 0.35;
const fewestSamples = 4;
/** A life that gains less than this share of its level from start to end has settled. */
const settledGain = 0.15;

export function memoryUse(points: readonly Point[]): MemoryUse {
  const last = points.slice(-12).map(([, value]) => round(value, 1));
  const peak = points.length === 0 ? null : round(Math.max(...points.map(([, value]) => value)), 1);
  const lives = splitAtFalls(points).filter((life) => life.length >= fewestSamples);
  if (lives.length === 0) return { shape: 'Unknown', last, peak, slopePerMinute: null };
  // Every program grows while it starts; what tells is the second half of a life.
  const slope = median(lives.map((life) => robustSlope(life.slice(Math.floor(life.length / 2)))));
  const gain = median(lives.map(lateGain));
  const slopePerMinute = Number.isNaN(slope) ? null : round(slope * 60, 2);
  return { shape: gain > settledGain ? 'Rising' : 'Plateau', last, peak, slopePerMinute };
}

function splitAtFalls(points: readonly Point[]): readonly (readonly Point[])[] {
  const lives: Point[][] = [];
  let previous = 0;
  for (const point of points) {
    const life = lives.at(-1);
    if (life === undefined || point[1] < previous * (1 - fallShare)) lives.push([point]);
    else life.push(point);
    previous = point[1];
  }
  return lives;
}

function lateGain(life: readonly Point[]): number {
  const half = life.slice(Math.floor(life.length / 2));
  const first = half[0]?.[1] ?? 0;
  const end = half.at(-1)?.[1] ?? 0;
  return first === 0 ? 0 : (end - first) / first;
}
