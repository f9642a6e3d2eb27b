import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { isDefined } from '../lib/reading.ts';
import { median, percentile, type Point, round } from '../lib/statistics.ts';
import { accountAtLimit, concurrencyAtLimit, throttled } from './concurrency-findings.ts';
import { deadLetters, destinationFailed, eventsDropped, iteratorAge } from './event-findings.ts';
import { findingOf, type LambdaLook, metric, severityOf, type Told } from './finding.ts';
import { type FailureKind, type FailureLine, type LogLook, wordsOf } from './log-lines.ts';
import { firstAbove, highest, sum } from './metrics.ts';

const nearShare = 0.8;
const fewReports = 20;
/** Slower by this much, and by so many milliseconds at least, is not chance. */
const bestPercent = 10;
const risen = { factor: 1.5, atLeastMs: 100, fewestPeriods: 3 };

export function lambdaFindings(look: LambdaLook): readonly Finding[] {
  const told = [
    throttled(look),
    errorRate(look),
    failed(look, 'TimedOut'),
    failed(look, 'OutOfMemory'),
    durationNearTimeout(look),
    durationRisen(look),
    concurrencyAtLimit(look),
    accountAtLimit(look),
    coldStarts(look),
    iteratorAge(look),
    deadLetters(look),
    eventsDropped(look),
    destinationFailed(look),
    notActive(look),
  ];
  return told.filter(isDefined).map((one) => findingOf(one, look));
}

function errorRate({ settings, metrics, logs }: LambdaLook): Told | undefined {
  const [errors, invocations] = [sum(metrics.errors), sum(metrics.invocations)];
  const perMillion = invocations === 0 ? 0 : Math.round((errors / invocations) * 1_000_000);
  if (perMillion <= settings.maxErrorsPerMillion) return undefined;
  const sample = logs.failures.at(-1);
  const words = sample === undefined ? '' : `: ${wordsOf(sample.text)}`;
  return {
    reason: 'ErrorRateHigh',
    severity: severityOf(errors / invocations),
    summary: `${errors} of ${invocations} invocations failed${words}`.slice(0, 500),
    value: perMillion,
    threshold: settings.maxErrorsPerMillion,
    unit: 'errors per million',
    since: firstAbove(metrics.errors, 0),
    source: metric('Errors SUM', 'Invocations SUM'),
    facts: { errors, invocations, sample: sample === undefined ? null : wordsOf(sample.text) },
  };
}

/** The latest lines tell how many of the errors are of the kind; the metrics, which may lag, how many calls those are. */
function shareOf(count: number, { metrics, logs }: LambdaLook): number {
  const [errors, invocations] = [sum(metrics.errors), sum(metrics.invocations)];
  return errors === 0 || invocations === 0 ? 1 : ((count / logs.failures.length) * errors) / invocations;
}

function failed(look: LambdaLook, kind: Exclude<FailureKind, 'Error'>): Told | undefined {
  const { fn, settings, logs } = look;
  const lines = logs.failures.filter((line) => line.kind === kind);
  const [first] = lines;
  if (first === undefined) return undefined;
  const { timeoutSeconds, memory } = fn.live;
  const words = {
    TimedOut: `were ended at the timeout of ${timeoutSeconds} s`,
    OutOfMemory: `were killed for using more than ${memory} MiB`,
  };
  return {
    reason: kind,
    severity: severityOf(shareOf(lines.length, look)),
    summary: `${lines.length} invocations ${words[kind]}`,
    value: lines.length,
    threshold: 0,
    unit: 'invocations',
    since: first.at,
    source: `execute_log_insights_query ${settings.logGroup}`,
    facts: { count: lines.length, sample: sampleOf(lines), ...usage(logs) },
  };
}

function sampleOf(lines: readonly FailureLine[]): string {
  return wordsOf(lines.at(-1)?.text ?? '');
}

function usage({ reports }: LogLook): JsonObject {
  const durations = reports.map(({ durationMs }) => durationMs);
  return {
    longestMs: Math.max(0, ...durations),
    memoryUsed: Math.max(0, ...reports.map(({ memoryUsed }) => memoryUsed)),
  };
}

/** What timed out took as long as the timeout: only what came close and ended by itself tells of how near it is. */
function durationNearTimeout({ fn, metrics, logs }: LambdaLook): Told | undefined {
  const limit = fn.live.timeoutSeconds * 1000;
  const longest = Math.round(highest(metrics.duration));
  const timedOut = logs.failures.some(({ kind }) => kind === 'TimedOut');
  if (timedOut || longest < nearShare * limit) return undefined;
  return {
    reason: 'DurationNearTimeout',
    severity: 'Warning',
    summary: `the longest invocation took ${longest} ms, and the timeout is ${limit} ms`,
    value: longest,
    threshold: Math.round(nearShare * limit),
    unit: 'ms',
    since: firstAbove(metrics.duration, nearShare * limit),
    source: metric('Duration MAX'),
    facts: { longestMs: longest },
  };
}

/**
 * The longest invocation of most periods since the function was changed, against that of those before. What an act of ours changed was slow
 * right before, for a time unknown: after it the best tenth of the hour before is what counts.
 */
function durationRisen({ fn, metrics, earlierDurations }: LambdaLook): Told | undefined {
  const changed = fn.live.lastModified;
  if (changed === undefined) return undefined;
  const isBefore = ([at]: Point): boolean => at * 1000 < changed.getTime();
  const before = (fn.byThreehops ? earlierDurations : metrics.duration.filter(isBefore)).map(([, value]) => value);
  const since = metrics.duration.filter((point) => !isBefore(point)).map(([, value]) => value);
  if (Math.min(before.length, since.length) < risen.fewestPeriods) return undefined;
  const usual = Math.round(fn.byThreehops ? percentile(before, bestPercent) : median(before));
  const now = Math.round(median(since));
  if (now < risen.factor * usual || now < usual + risen.atLeastMs) return undefined;
  return {
    reason: 'DurationRisen',
    severity: 'Warning',
    summary: `the longest invocations take ${now} ms since the function was changed, and took ${usual} ms before`,
    value: now,
    threshold: Math.round(risen.factor * usual),
    unit: 'ms',
    since: changed.toISOString(),
    source: metric('Duration MAX'),
    facts: { usualMs: usual },
  };
}

/** Context: after each change all environments start anew. */
function coldStarts({ settings, logs }: LambdaLook): Told | undefined {
  const starts = logs.reports.filter(({ initMs }) => initMs !== undefined);
  const cold = starts.map(({ initMs = 0 }) => initMs);
  if (logs.reports.length < fewReports || cold.length / logs.reports.length < 0.1) return undefined;
  const percent = round((100 * cold.length) / logs.reports.length, 1);
  return {
    reason: 'ColdStarts',
    severity: 'Info',
    summary: `${percent} % of the latest ${logs.reports.length} invocations were cold starts of ${Math.round(median(cold))} ms or so`,
    value: percent,
    threshold: 10,
    unit: '%',
    since: starts[0]?.at,
    source: `execute_log_insights_query ${settings.logGroup}`,
    facts: { initMs: Math.round(median(cold)) },
  };
}

function notActive({ fn, settings }: LambdaLook): Told | undefined {
  const { state, lastUpdate } = fn.live;
  const broken = state === 'Failed' || lastUpdate.status === 'Failed';
  if (!broken) return undefined;
  return {
    reason: 'UpdateFailed',
    severity: state === 'Failed' ? 'Critical' : 'Warning',
    summary: `the function is ${state}, its last update ${lastUpdate.status}: ${lastUpdate.reason}`.slice(0, 500),
    value: 1,
    threshold: 0,
    unit: 'failed updates',
    since: fn.live.lastModified?.toISOString(),
    source: `threehops_get_lambda_function ${settings.name}`,
  };
}
