import { median, percentile, type Point } from '../../../skills/lib/statistics.ts';
import type { Aspect, Series } from '../../evidence/finding.ts';
import type { Onset } from '../standing.ts';

/** How far one series has gone from its own normal, whatever it measures. */
export interface Departure {
  readonly name: string;
  readonly aspect: Aspect;
  /** Against the furthest that ordinary times go: above 1 is unusual. */
  readonly ratio: number;
  /** How much worse than usual, in the series' unit. */
  readonly amount: number;
  readonly unit: string;
  /** Where it is unusual. */
  readonly onset?: Onset;
}

/** Fewer ordinary points say nothing of what is usual. */
const fewestPoints = 20;
/** Ordinary times are taken to go at least so many robust standard deviations from their middle, */
const sigmas = 3;
/** or this percentile of the distances that they went, */
const usualPercent = 99;
/** or this share of the level: less is too little to matter. What always stood at nothing is held against what it came to. */
const leastShare = { level: 0.02, peak: 0.1 };
/** How bad an incident is: neither does one odd point make it, nor does what has ended since dilute it. */
const levelPercent = 75;
/** The distance between the quartiles of a normal distribution, in standard deviations. */
const quartilesToSigma = 1.349;

/** Which way an aspect is worse; less traffic than usual says as much as more. */
const worse: Readonly<Record<Aspect, (difference: number) => number>> = {
  Latency: (difference) => difference,
  Errors: (difference) => difference,
  Saturation: (difference) => difference,
  Availability: (difference) => -difference,
  Traffic: Math.abs,
};

/**
 * Holds what a series did since a moment against all that it did before, by median and quartiles, which what is odd among the
 * ordinary does not move. Undefined where one of the two is missing or ordinary times are too short.
 */
export function departureOf({ name, aspect, unit, points }: Series, since: number): Departure | undefined {
  const before = points.filter(([at]) => at < since).map(([, value]) => value);
  const incident = points.filter(([at]) => at >= since);
  if (before.length < fewestPoints || incident.length === 0) return undefined;
  const centre = median(before);
  const away = (value: number): number => worse[aspect](value - centre);
  const limit = limitOf(before.map(away), before, centre, incident);
  const level = percentile(
    incident.map(([, value]) => away(value)),
    levelPercent,
  );
  const ratio = level / limit;
  const onset = ratio > 1 ? onsetOf(incident, (value) => away(value) > limit) : undefined;
  return { name, aspect, ratio, amount: level, unit, ...(onset === undefined ? {} : { onset }) };
}

function limitOf(
  distances: readonly number[],
  before: readonly number[],
  centre: number,
  incident: readonly Point[],
): number {
  const sigma = (percentile(before, 75) - percentile(before, 25)) / quartilesToSigma;
  const peak = Math.max(...incident.map(([, value]) => Math.abs(value)));
  const least = centre === 0 ? leastShare.peak * peak : leastShare.level * Math.abs(centre);
  return Math.max(sigmas * sigma, percentile(distances, usualPercent), least, Number.MIN_VALUE);
}

/** The first point that is unusual with the one after it, or is the last: a single odd one begins nothing. */
function onsetOf(incident: readonly Point[], isUnusual: (value: number) => boolean): Onset | undefined {
  const first = incident.findIndex(
    ([, value], index) => isUnusual(value) && isUnusual(incident[index + 1]?.[1] ?? value),
  );
  const at = incident[first]?.[0];
  if (at === undefined) return undefined;
  const steps = incident.slice(1).map(([time], index) => time - (incident[index]?.[0] ?? time));
  return { at, within: steps.length === 0 ? 0 : median(steps) };
}
