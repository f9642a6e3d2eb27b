import type { Json, JsonObject } from '../../controller/api/json.ts';
import { metricPoints } from '../lib/metric-call.ts';
import { numberOf, timeOf } from '../lib/reading.ts';
import type { Point } from '../lib/statistics.ts';
import { secondsBetween, type Window } from '../lib/time.ts';
import type { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { queryLogs } from '../lib/logs-call.ts';
import type { CloudWatchSettings, WatchedMetric } from './parameters.ts';
import { errorLinesPerBin, failedRequestsPerBin, latencyPerBin, linesPerBin, requestsPerBin } from './queries.ts';

/** What was counted, over the baseline and the window together. All points are [start of the bin, number]. */
export interface Counts {
  /** How `requests` and `errors` were counted. */
  readonly by: 'Metrics' | 'Status' | 'Lines';
  readonly binSeconds: number;
  readonly requests: readonly Point[];
  readonly errors: readonly Point[];
  /** 95th percentile in ms. */
  readonly latency: readonly Point[];
}

const noCounts: readonly Point[] = [];
const usualBins = [1, 5, 10, 30, 60, 300, 900, 3600];
const mostRows = 1000;
/** A bin belongs to the window when it begins in it: with so many, little of a short window is lost. */
const binsInWindow = 12;

function binFor(window: Window, span: Window): number {
  const wanted = secondsBetween(window.from, window.to) / binsInWindow;
  const possible = secondsBetween(span.from, span.to) / (mostRows - 1);
  return usualBins.find((bin) => bin >= Math.max(wanted, possible)) ?? 3600;
}

/**
 * Counts requests and errors: by metrics that say they count them, else by request lines with a status, else all lines and those
 * that report an error.
 */
export async function countTraffic(
  context: ProbeContext,
  settings: CloudWatchSettings,
  span: Window,
  gaps: GapList,
): Promise<Counts | undefined> {
  const metrics = await countMetrics(context, settings, span, gaps);
  if (metrics !== undefined) return metrics;
  if (settings.logGroups.length === 0) return undefined;
  const binSeconds = binFor(context.window, span);
  const ask = (what: string, query: string): Promise<readonly Point[]> =>
    gaps.orGap(what, perBin(context, settings, query, span), noCounts);
  const [requests, failed, latency] = await Promise.all([
    ask('request lines', requestsPerBin(settings, binSeconds)),
    ask('failed requests', failedRequestsPerBin(settings, binSeconds)),
    ask('latency in the log', latencyPerBin(settings, binSeconds)),
  ]);
  if (requests.length > 0) return { by: 'Status', binSeconds, requests, errors: failed, latency };
  const [lines, errors] = await Promise.all([
    ask('log lines', linesPerBin(binSeconds)),
    ask('error lines', errorLinesPerBin(settings, binSeconds)),
  ]);
  return { by: 'Lines', binSeconds, requests: lines, errors, latency };
}

async function countMetrics(
  context: ProbeContext,
  settings: CloudWatchSettings,
  span: Window,
  gaps: GapList,
): Promise<Counts | undefined> {
  const requests = settings.metrics.find(({ counts }) => counts === 'Requests');
  const errors = settings.metrics.find(({ counts }) => counts === 'Errors');
  if (requests === undefined || errors === undefined) return undefined;
  const read = (metric: WatchedMetric): Promise<readonly Point[]> =>
    gaps.orGap(`metric ${metric.name}`, metricPoints(context.tools, metric, span, context.signal), noCounts);
  const [asked, failed] = await Promise.all([read(requests), read(errors)]);
  const binSeconds = requests.periodSeconds ?? 60;
  return { by: 'Metrics', binSeconds, requests: asked, errors: failed, latency: noCounts };
}

async function perBin(
  context: ProbeContext,
  { logGroups }: CloudWatchSettings,
  query: string,
  span: Window,
): Promise<readonly Point[]> {
  const rows = await queryLogs(context.tools, { logGroups, query, limit: mostRows }, span, context.signal);
  const points = rows.flatMap((row) => {
    const time = timeOf(binOf(row));
    const count = numberOf(row['n']);
    return time === undefined || count === undefined ? [] : [[time.getTime() / 1000, count] as const];
  });
  return points.toSorted((a, b) => a[0] - b[0]);
}

/** Logs Insights names the column as the query wrote it. */
function binOf(row: JsonObject): Json | undefined {
  return Object.entries(row).find(([name]) => name.startsWith('bin('))?.[1];
}

/** Of the bins that begin in the window, its end not included: the end of one window is the beginning of the next. */
export function sumIn(points: readonly Point[], window: Window): number {
  const [from, to] = [window.from.getTime() / 1000, window.to.getTime() / 1000];
  return points.reduce((sum, [time, count]) => (time >= from && time < to ? sum + count : sum), 0);
}

/** The same window with the bin that begins at its very end: nothing later was asked for. */
export function toItsEnd({ from, to }: Window, { binSeconds }: Counts): Window {
  return { from, to: new Date(to.getTime() + binSeconds * 1000) };
}
