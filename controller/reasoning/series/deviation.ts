import { median } from '../../../skills/lib/statistics.ts';
import type { Course } from './course.ts';

/** Which steps are compared: those of the incident with a few just before it. */
export interface Frame {
  /** The incident's first step. */
  readonly start: number;
  /** How many steps before it are its baseline. */
  readonly baseline: number;
  readonly length: number;
}

/** How much each step of an incident counts; they add up to 1. */
export type Weights = readonly number[];

export interface Deviation {
  /** How much higher the incident is than its baseline, in the series' unit. */
  readonly amount: number;
  /** The amount against the largest that ordinary times bring about (99th percentile): above 1 is unusual. */
  readonly ratio: number;
}

/** What is too little to matter, whatever is usual: a share of the level, or an amount. */
export interface Floor {
  readonly share: number;
  readonly amount: number;
}

/** Fewer comparable stretches of ordinary time say nothing of what is usual. */
const fewestStretches = 20;
const usualShare = 0.99;

/**
 * How far the incident departs from what just preceded it, held against the same comparison made over and over again in
 * ordinary times (so that `weigh`, which may look for the worst, looks for it there too). The level itself is not compared:
 * it drifts from month to month without anything being at fault. `Fresh` where nothing was there before the incident,
 * undefined where there is too little to compare with.
 */
export function deviationOf(
  course: Course,
  frame: Frame,
  floor: Floor,
  weigh: (course: Course, frame: Frame) => Weights,
): Deviation | 'Fresh' | undefined {
  const level = levelOf(course, frame.start, weigh(course, frame));
  if (level === undefined) return undefined;
  const [first = frame.start] = course.keys();
  if (first >= frame.start) return 'Fresh';
  const usual = usualAmounts(course, frame, weigh);
  if (usual.length < fewestStretches) return undefined;
  const before = baselineOf(course, frame) ?? median(earlier(course, frame));
  const amount = level - before;
  const largest = usual[Math.min(usual.length - 1, Math.floor(usualShare * usual.length))] ?? 0;
  const least = Math.max(largest, floor.share * Math.abs(before), floor.amount, Number.EPSILON);
  return { amount, ratio: amount / least };
}

function earlier(course: Course, { start }: Frame): readonly number[] {
  return [...course].filter(([step]) => step < start).map(([, value]) => value);
}

/** The same amount for every stretch before the incident, ascending. */
function usualAmounts(
  course: Course,
  frame: Frame,
  weigh: (course: Course, frame: Frame) => Weights,
): readonly number[] {
  const amounts: number[] = [];
  for (const start of course.keys()) {
    if (start + frame.length > frame.start - frame.baseline) continue;
    const stretch = { ...frame, start };
    const before = baselineOf(course, stretch);
    const level = before === undefined ? undefined : levelOf(course, start, weigh(course, stretch));
    if (before !== undefined && level !== undefined) amounts.push(level - before);
  }
  return amounts.toSorted((a, b) => a - b);
}

/** Weights by how much worse each step is than the baseline; even ones where none is. */
export function profileOf(course: Course, frame: Frame): Weights {
  const before = baselineOf(course, frame) ?? 0;
  const worse = stepsOf(frame).map((step) => Math.max(0, (course.get(step) ?? before) - before));
  const sum = worse.reduce((all, one) => all + one, 0);
  return worse.map((one) => (sum === 0 ? 1 / frame.length : one / sum));
}

export function stepsOf({ start, length }: Frame): readonly number[] {
  return Array.from({ length }, (_, index) => start + index);
}

function baselineOf(course: Course, { start, baseline }: Frame): number | undefined {
  if (baseline === 1) return course.get(start - 1);
  const before: number[] = [];
  for (let step = start - baseline; step < start; step += 1) {
    const value = course.get(step);
    if (value !== undefined) before.push(value);
  }
  return before.length === 0 ? undefined : median(before);
}

function levelOf(course: Course, start: number, weights: Weights): number | undefined {
  let sum = 0;
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index] ?? 0;
    const value = weight > 0 ? course.get(start + index) : undefined;
    if (value === undefined) continue;
    sum += weight * value;
    total += weight;
  }
  return total === 0 ? undefined : sum / total;
}
