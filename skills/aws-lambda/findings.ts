import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { isDefined } from '../lib/reading.ts';
import { median, round } from '../lib/statistics.ts';
import type { LambdaFunction } from './function.ts';
import { type FailureKind, type FailureLine, type LogLook, wordsOf } from './log-lines.ts';
import { firstAbove, highest, type LambdaMetrics, sum } from './metrics.ts';
import { type LambdaSettings, shortName } from './parameters.ts';

export interface LambdaLook {
  readonly node: string;
  readonly settings: LambdaSettings;
  readonly fn: LambdaFunction;
  readonly metrics: LambdaMetrics;
  readonly logs: LogLook;
}

interface Told {
  readonly reason: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly source: string;
  readonly since?: string | undefined;
  readonly facts?: JsonObject;
}

/** From this share of failed calls on, callers are broken rather than hurt. */
const brokenShare = 0.05;
const nearShare = 0.8;
const fewReports = 20;

export function lambdaFindings(look: LambdaLook): readonly Finding[] {
  const told = [
    throttled(look),
    errorRate(look),
    failed(look, 'TimedOut'),
    failed(look, 'OutOfMemory'),
    durationNearTimeout(look),
    concurrencyAtLimit(look),
    coldStarts(look),
    iteratorAge(look),
    deadLetters(look),
    notActive(look),
  ];
  return told.filter(isDefined).map((one) => findingOf(one, look));
}

function findingOf({ reason, since, facts, ...told }: Told, { node, fn, settings }: LambdaLook): Finding {
  const kind = `aws-lambda.${reason}`;
  const { memory, timeoutSeconds } = fn.live;
  return {
    id: findingId(node, kind, shortName(settings.name)),
    node,
    kind,
    ...told,
    ...(since === undefined ? {} : { since }),
    facts: { memory, timeoutSeconds, reserved: fn.reserved ?? null, ...facts },
  };
}

function metric(...names: readonly string[]): string {
  return `get_metric_data AWS/Lambda ${names.join(', ')}`;
}

function severityOf(share: number): Severity {
  return share > brokenShare ? 'Critical' : 'Warning';
}

/** Throttled calls are not invocations: the share is of both together. */
function throttled({ settings, fn, metrics }: LambdaLook): Told | undefined {
  const throttles = sum(metrics.throttles);
  const calls = throttles + sum(metrics.invocations);
  const perMillion = calls === 0 ? 0 : Math.round((throttles / calls) * 1_000_000);
  if (perMillion <= settings.maxErrorsPerMillion) return undefined;
  const limit = fn.reserved === undefined ? "the account's concurrency" : `a reserved concurrency of ${fn.reserved}`;
  return {
    reason: 'Throttled',
    severity: severityOf(throttles / calls),
    summary: `${throttles} of ${calls} calls were throttled, at ${limit}`,
    value: perMillion,
    threshold: settings.maxErrorsPerMillion,
    unit: 'throttles per million calls',
    since: firstAbove(metrics.throttles, 0),
    source: metric('Throttles SUM', 'Invocations SUM'),
    facts: { throttles, calls, concurrency: highest(metrics.concurrency) },
  };
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

function concurrencyAtLimit({ fn, metrics }: LambdaLook): Told | undefined {
  const most = highest(metrics.concurrency);
  if (fn.reserved === undefined || most === 0 || most < fn.reserved) return undefined;
  return {
    reason: 'ConcurrencyAtLimit',
    severity: 'Warning',
    summary: `${most} executions ran at once, all that the reserved concurrency of ${fn.reserved} allows`,
    value: most,
    threshold: fn.reserved,
    unit: 'executions',
    since: firstAbove(metrics.concurrency, fn.reserved - 1),
    source: metric('ConcurrentExecutions MAX'),
    facts: { concurrency: most },
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

function iteratorAge({ settings, metrics, fn }: LambdaLook): Told | undefined {
  const seconds = round((metrics.iteratorAge.at(-1)?.[1] ?? 0) / 1000, 1);
  if (seconds <= settings.maxIteratorAgeSeconds) return undefined;
  return {
    reason: 'IteratorAgeHigh',
    severity: 'Warning',
    summary: `the newest record that was read from its stream is ${seconds} s old`,
    value: seconds,
    threshold: settings.maxIteratorAgeSeconds,
    unit: 's',
    since: firstAbove(metrics.iteratorAge, settings.maxIteratorAgeSeconds * 1000),
    source: metric('IteratorAge MAX'),
    facts: { eventSources: fn.eventSources.map(({ source, state }) => `${source} ${state}`) },
  };
}

function deadLetters({ fn, metrics }: LambdaLook): Told | undefined {
  const lost = sum(metrics.deadLetterErrors);
  if (lost === 0) return undefined;
  return {
    reason: 'DeadLetters',
    severity: 'Warning',
    summary: `${lost} events were given up and could not even be written to ${fn.live.deadLetterTarget ?? 'the dead-letter target'}`,
    value: lost,
    threshold: 0,
    unit: 'events',
    since: firstAbove(metrics.deadLetterErrors, 0),
    source: metric('DeadLetterErrors SUM'),
    facts: { deadLetterTarget: fn.live.deadLetterTarget ?? null },
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
