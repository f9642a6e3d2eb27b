import type { Aspect, Series } from '../../evidence/finding.ts';
import { courseOf, rateOf, type Course, type Grid } from './course.ts';
import type { Floor } from './deviation.ts';

/** What harm looks like in numbers that add up: time lost or calls that fail. */
export type HarmAspect = Extract<Aspect, 'Latency' | 'Availability' | 'Errors'>;

export const harmAspects: readonly HarmAspect[] = ['Latency', 'Availability', 'Errors'];

/** The harm at one unit, higher being worse, and how many calls it is spread over. */
export interface Measure {
  readonly harm: Course;
  /** True where the harm is of each call, so that it adds up by the number of calls; false where it is counted itself. */
  readonly perCall: boolean;
  /** Calls a second, where known. */
  readonly calls?: Course;
}

/** Two in a hundred of the usual time, or half a call in a hundred, is nothing. */
const floors: Readonly<Record<HarmAspect, Floor>> = {
  Latency: { share: 0.02, amount: 0 },
  Availability: { share: 0, amount: 0.005 },
  Errors: { share: 0.02, amount: 0.005 },
};

export function floorOf(aspect: HarmAspect): Floor {
  return floors[aspect];
}

/** Reads one unit's harm of an aspect off its series; undefined where it has none. */
export function measureOf(series: readonly Series[], aspect: HarmAspect, grid: Grid): Measure | undefined {
  const chosen = chosenOf(series, aspect);
  if (chosen === undefined) return undefined;
  const perCall = aspect !== 'Errors' || isPercent(chosen.unit);
  const harm = perCall ? courseOf(chosen, grid, harmFrom(chosen, aspect)) : rateOf(chosen, grid);
  const traffic = chosenOf(series, 'Traffic');
  return traffic === undefined ? { harm, perCall } : { harm, perCall, calls: rateOf(traffic, grid) };
}

function harmFrom({ unit }: Series, aspect: HarmAspect): (value: number) => number {
  const scale = isPercent(unit) ? 100 : 1;
  return aspect === 'Availability' ? (value) => 1 - value / scale : (value) => value / scale;
}

/** The one with the most points; the first by name among equals. */
export function chosenOf(series: readonly Series[], aspect: Aspect): Series | undefined {
  return series
    .filter((one) => one.aspect === aspect && one.points.length > 0)
    .toSorted((a, b) => b.points.length - a.points.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))[0];
}

function isPercent(unit: string): boolean {
  return unit === '%' || unit.toLowerCase() === 'percent';
}
