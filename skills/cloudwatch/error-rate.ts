import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { type Point, round } from '../lib/statistics.ts';
import { secondsBetween, type Window } from '../lib/time.ts';
import { type Counts, sumIn, toItsEnd } from './counts.ts';
import type { CloudWatchSettings } from './parameters.ts';

/** Fewer errors than this say nothing. */
const fewestErrors = 3;
/** How many times its own baseline a rate has to be, so that a service that always errs a little is not news. */
const timesBaseline = 3;
/** Of a million: more than one in five that fails is no habit, however long it has been so. */
const mostUsual = 200_000;
/** Where nothing tells how much was asked: fewer than this a minute are no news even for a service that never erred. */
const fewestAMinute = 1;
const million = 1_000_000;
const half = 500_000;

/** What was counted in the time that tells what is normal. */
interface Usual {
  readonly counts: Counts;
  readonly window: Window;
}

interface Rate {
  readonly value: number;
  readonly threshold: number;
  /** Above this it is critical, whatever the threshold. */
  readonly grave: number;
  readonly baseline: number | null;
  readonly unit: string;
}

/** Errors far above what the service had before the window and above what its map allows. */
export function errorRateFindings(
  node: string,
  settings: CloudWatchSettings,
  counts: Counts,
  asked: Window,
  usual: Usual,
): readonly Finding[] {
  const window = toItsEnd(asked, counts);
  const errors = sumIn(counts.errors, window);
  const rate = counts.by === 'Lines' ? perMinute(counts, asked, usual) : perMillion(settings, counts, window, usual);
  if (errors < fewestErrors || rate.value <= rate.threshold) return [];
  const since = onset(counts, window, rate);
  const kind = 'cloudwatch.ErrorRateHigh';
  return [
    {
      id: findingId(node, kind, counts.by),
      node,
      kind,
      severity: rate.value > Math.min(5 * rate.threshold, rate.grave) ? 'Critical' : 'Warning',
      summary: `${round(rate.value, 1)} ${rate.unit} (${errors} errors), ${rate.baseline === null ? 'with nothing to compare' : `${round(rate.baseline, 1)} before`}`,
      ...(since === undefined ? {} : { since }),
      value: round(rate.value, 1),
      threshold: round(rate.threshold, 1),
      unit: rate.unit,
      source: sources[counts.by](settings),
      facts: { errors, requests: sumIn(counts.requests, window), baseline: rate.baseline, countedBy: counts.by },
    },
  ];
}

const sources = {
  Metrics: ({ metrics }: CloudWatchSettings) =>
    `get_metric_data ${metrics
      .filter(({ counts }) => counts)
      .map(({ name }) => name)
      .join(', ')}`,
  Status: ({ logGroups, statusField }: CloudWatchSettings) =>
    `execute_log_insights_query ${logGroups.join(', ')}: ${statusField} >= 500`,
  Lines: ({ logGroups }: CloudWatchSettings) => `execute_log_insights_query ${logGroups.join(', ')}: error lines`,
};

/** Errors of a million requests; undefined without requests. */
export function errorsPerMillion(counts: Counts, window: Window): number | undefined {
  const requests = sumIn(counts.requests, window);
  return requests === 0 ? undefined : Math.min(million, (sumIn(counts.errors, window) * million) / requests);
}

/** How many of the window's requests may fail by the map. */
export function allowedErrors({ maxErrorsPerMillion }: CloudWatchSettings, counts: Counts, window: Window): number {
  return (sumIn(counts.requests, toItsEnd(window, counts)) * maxErrorsPerMillion) / million;
}

function perMillion(settings: CloudWatchSettings, counts: Counts, window: Window, usual: Usual): Rate {
  const before = usual.counts.by === counts.by ? errorsPerMillion(usual.counts, usual.window) : undefined;
  return {
    value: errorsPerMillion(counts, window) ?? 0,
    threshold: Math.max(settings.maxErrorsPerMillion, Math.min(mostUsual, timesBaseline * (before ?? 0))),
    grave: half,
    baseline: before ?? null,
    unit: 'errors per million requests',
  };
}

/** Nothing tells how much was asked of the service: then errors a minute against the time before. */
function perMinute(counts: Counts, window: Window, usual: Usual): Rate {
  const quiet = usual.counts.by !== counts.by || sumIn(usual.counts.requests, usual.window) === 0;
  const before = quiet ? 0 : aMinute(sumIn(usual.counts.errors, usual.window), usual.window);
  return {
    value: aMinute(sumIn(counts.errors, toItsEnd(window, counts)), window),
    threshold: Math.max(fewestAMinute, timesBaseline * before),
    grave: Infinity,
    baseline: quiet ? null : before,
    unit: 'errors a minute',
  };
}

function aMinute(count: number, { from, to }: Window): number {
  return (count * 60) / Math.max(1, secondsBetween(from, to));
}

/** The first bin of the window whose rate is above the threshold. */
function onset({ requests, errors, by, binSeconds }: Counts, window: Window, { threshold }: Rate): string | undefined {
  const asked = new Map(requests);
  const first = errors.find(([time, count]) => {
    if (time < window.from.getTime() / 1000) return false;
    return by === 'Lines'
      ? (count * 60) / binSeconds > threshold
      : (count * million) / (asked.get(time) ?? count) > threshold;
  });
  return first === undefined ? undefined : new Date(first[0] * 1000).toISOString();
}

const mostPoints = 360;

export function trafficSeries(node: string, settings: CloudWatchSettings, counts: Counts): readonly Series[] {
  const source = sources[counts.by](settings);
  const every = `per ${counts.binSeconds} s`;
  const lines = counts.by === 'Lines';
  const all: readonly Series[] = [
    { name: lines ? 'log lines' : 'requests', node, aspect: 'Traffic', unit: every, points: counts.requests, source },
    { name: lines ? 'error lines' : 'errors', node, aspect: 'Errors', unit: every, points: withZeros(counts), source },
    { name: 'latency p95', node, aspect: 'Latency', unit: 'ms', points: counts.latency, source },
  ];
  return all
    .filter(({ points }) => points.length > 0)
    .map((one) => ({ ...one, points: one.points.slice(-mostPoints) }));
}

/** A bin with requests and without errors is a zero, not a hole. */
function withZeros({ requests, errors }: Counts): readonly Point[] {
  const known = new Map(errors);
  const times = new Set([...requests, ...errors].map(([time]) => time));
  return [...times].toSorted((a, b) => a - b).map((time) => [time, known.get(time) ?? 0] as const);
}
