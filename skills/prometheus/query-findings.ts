import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { oddnessOf } from '../lib/anomaly.ts';
import { findingId } from '../lib/finding-id.ts';
import type { GapList } from '../lib/gaps.ts';
import { median, type Point, robustZ, round } from '../lib/statistics.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { type LabelledPoints, nameOf, type RangePoints, rangeOf, rangeTool } from './calls.ts';
import type { WatchedQuery } from './parameters.ts';

/** One series that a query answered, with its points of the baseline and the window. */
export interface ReadSeries extends RangePoints {
  readonly watched: WatchedQuery;
}

/** More than these make no picture; a query is meant to aggregate. */
const mostSeries = 10;
/** So many of the newest samples, in a row, must be beyond a threshold: one spike is none. */
const fewestBeyond = 2;

/** @returns nothing, and a gap, for a query that fails or answers no series */
export async function readQuery(
  context: ProbeContext,
  watched: WatchedQuery,
  span: Window,
  gaps: GapList,
): Promise<readonly ReadSeries[]> {
  const what = `query ${watched.name}`;
  const read = await gaps.orGap(what, rangeOf(context, watched.query, span), undefined);
  if (read?.length === 0) gaps.add(`series of ${what}`, 'it answered none');
  if (read !== undefined && read.length > mostSeries)
    gaps.add(`series of ${what}`, `${read.length} were answered, ${mostSeries} were read`);
  return (read ?? []).slice(0, mostSeries).map((series) => ({ ...series, watched }));
}

export function querySeries(node: string, read: readonly ReadSeries[]): readonly Series[] {
  return read.map(({ watched, labels, points }) => ({
    name: subjectOf(watched, labels),
    node,
    aspect: watched.aspect,
    unit: watched.unit,
    points,
    source: sourceOf(watched),
  }));
}

/** @param usual the same series in another time that tells what is normal */
export function queryFindings(
  node: string,
  read: readonly ReadSeries[],
  window: Window,
  usual?: readonly ReadSeries[],
): readonly Finding[] {
  return read
    .filter(({ ended }) => !ended)
    .flatMap((series) =>
      series.watched.threshold === undefined
        ? anomaly(node, series, window, usual && pointsOf(series, usual))
        : crossed(node, series, window, series.watched.threshold),
    );
}

/** The newest samples of the window that are beyond the threshold without a break, oldest first. */
export function beyond(
  { watched, points }: ReadSeries,
  { from }: Pick<Window, 'from'>,
  threshold: number,
): readonly Point[] {
  const now = points.filter(([time]) => time >= from.getTime() / 1000);
  const isWithin = ([, value]: Point): boolean => (watched.worse === 'Up' ? value <= threshold : value >= threshold);
  const run = now.slice(now.findLastIndex(isWithin) + 1);
  return run.length < Math.min(fewestBeyond, now.length) ? [] : run;
}

function crossed(node: string, series: ReadSeries, window: Window, threshold: number): readonly Finding[] {
  const run = beyond(series, window, threshold);
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { watched } = series;
  const side = watched.worse === 'Up' ? 'above' : 'below';
  const summary = `${subjectOf(watched, series.labels)} is ${told(last[1], watched)}, ${side} ${told(threshold, watched)}`;
  return [findingOf(node, series, 'ThresholdCrossed', { since: first[0], value: last[1], threshold, summary })];
}

function pointsOf({ watched, labels }: ReadSeries, usual: readonly ReadSeries[]): readonly Point[] {
  const subject = subjectOf(watched, labels);
  return usual.find((one) => subjectOf(one.watched, one.labels) === subject)?.points ?? [];
}

function anomaly(
  node: string,
  series: ReadSeries,
  window: Window,
  usual: readonly Point[] | undefined,
): readonly Finding[] {
  const { watched, labels, points } = series;
  const oddness = oddnessOf(points, window.from, watched.worse, usual);
  const since = oddness?.odd[0]?.[0];
  if (oddness === undefined || since === undefined) return [];
  const value = median(oddness.odd.map(([, one]) => one));
  const threshold = median(oddness.history);
  const z = round(robustZ(value, oddness.history), 1);
  const compared = `usually ${told(threshold, watched)} (${z} robust standard deviations)`;
  const summary = `${subjectOf(watched, labels)} is ${told(value, watched)}, ${compared}`;
  return [findingOf(node, series, 'Anomaly', { since, value, threshold, summary, facts: { z } })];
}

interface Told {
  /** Seconds since the epoch. */
  readonly since: number;
  readonly value: number;
  readonly threshold: number;
  readonly summary: string;
  readonly facts?: JsonObject;
}

function findingOf(node: string, { watched, labels }: ReadSeries, reason: string, told: Told): Finding {
  const kind = `prometheus.${reason}`;
  const { aspect, worse, unit, name } = watched;
  return {
    id: findingId(node, kind, subjectOf(watched, labels)),
    node,
    kind,
    severity: 'Warning',
    summary: told.summary.slice(0, 500),
    since: new Date(told.since * 1000).toISOString(),
    value: round(told.value, 3),
    threshold: round(told.threshold, 3),
    ...(unit === '' ? {} : { unit }),
    source: sourceOf(watched),
    facts: { query: name, labels: { ...labels }, aspect, worse, ...told.facts },
  };
}

export function subjectOf({ name }: WatchedQuery, labels: LabelledPoints['labels']): string {
  return [name, nameOf(labels)].filter(Boolean).join(' ');
}

export function told(value: number, { unit }: WatchedQuery): string {
  return `${round(value, 3)} ${unit}`.trimEnd();
}

function sourceOf({ query }: WatchedQuery): string {
  return `${rangeTool} ${query}`.slice(0, 500);
}
