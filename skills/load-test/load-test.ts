import type { Json, JsonObject } from '../../controller/api/json.ts';
import { numberOf, objectOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { addHistograms, type Histogram, histogramPercentile } from './histogram.ts';
import { type LoadBlock, loadBlockOf } from './load-block.ts';

export const loadTool = 'threehops_http_load';

/** A tool's call is short: a long test is many of them, so that it can be given up and no call runs out of its time. */
const sliceMs = 2_000;

/**
 * Puts the map's load on the service and judges errors and latency. NotRun without a `tests.load` block; Inconclusive when
 * nothing was sent.
 */
export const loadTest: Check = { name: 'load test', writes: true, run };

interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly tookMs: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly latencies: Histogram;
}

async function run(context: CheckContext): Promise<CheckResult> {
  const block = loadBlockOf(context.thresholds);
  const named = { name: loadTest.name, node: context.node.id };
  if (block === undefined) {
    return { ...named, verdict: 'NotRun', summary: 'the map declares no load test (spec.tests.load)' };
  }
  const totals = await putLoad(context, block);
  const errors = totals.requests === 0 ? 0 : Math.round((totals.errors / totals.requests) * 1_000_000);
  return {
    ...named,
    verdict: verdictOf(block, totals, errors),
    summary: summaryOf(block, totals, errors).slice(0, 500),
    value: errors,
    threshold: block.maxErrorsPerMillion,
    unit: 'errors per million',
  };
}

async function putLoad(context: CheckContext, block: LoadBlock): Promise<Totals> {
  const { tools, signal } = context;
  const slices: Totals[] = [];
  for (let leftMs = block.durationSeconds * 1000; leftMs > 0; leftMs -= sliceMs) {
    const args = argumentsOf(block, Math.max(100, Math.min(sliceMs, leftMs)));
    slices.push(parseTotals(await tools.call(loadTool, args, signal)));
    signal.throwIfAborted();
  }
  return sumOf(slices);
}

function argumentsOf(block: LoadBlock, durationMs: number): JsonObject {
  const { url, method, body, connections, requestsPerSecond, maxP95Milliseconds = 0 } = block;
  return {
    url,
    method,
    ...(body === undefined ? {} : { body }),
    connections,
    requestsPerSecond,
    durationMs,
    // An answer that is too late is an error, but not before the threshold for latency could judge it.
    timeoutMs: Math.min(10_000, Math.max(3_000, maxP95Milliseconds + 1_000)),
  };
}

function parseTotals(value: Json): Totals {
  const answer = objectOf(value);
  const numbers = (field: string): Record<string, number> =>
    Object.fromEntries(Object.entries(objectOf(answer[field])).map(([key, count]) => [key, numberOf(count) ?? 0]));
  return {
    requests: numberOf(answer['requests']) ?? 0,
    errors: numberOf(answer['errors']) ?? 0,
    tookMs: numberOf(answer['tookMs']) ?? 0,
    answers: numbers('answers'),
    latencies: numbers('latencies'),
  };
}

function sumOf(slices: readonly Totals[]): Totals {
  const sum = (of: (slice: Totals) => number): number => slices.reduce((total, slice) => total + of(slice), 0);
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    tookMs: sum(({ tookMs }) => tookMs),
    answers: addHistograms(slices.map(({ answers }) => answers)),
    latencies: addHistograms(slices.map(({ latencies }) => latencies)),
  };
}

function verdictOf(block: LoadBlock, totals: Totals, errors: number): CheckResult['verdict'] {
  if (totals.requests === 0) return 'Inconclusive';
  const { maxErrorsPerMillion, maxP95Milliseconds = Number.POSITIVE_INFINITY } = block;
  const slow = histogramPercentile(totals.latencies, 95) > maxP95Milliseconds;
  return errors > maxErrorsPerMillion || slow ? 'Fail' : 'Pass';
}

function summaryOf(block: LoadBlock, totals: Totals, errors: number): string {
  if (totals.requests === 0) return 'no request was sent';
  const percentiles = [50, 95, 99].map((percent) => round(histogramPercentile(totals.latencies, percent), 1));
  const bound = block.maxP95Milliseconds === undefined ? '' : ` (p95 at most ${block.maxP95Milliseconds} ms)`;
  const answers = Object.entries(totals.answers).map(([answer, count]) => `${answer}: ${count}`);
  return [
    `${totals.requests} requests, ${round(totals.requests / (totals.tookMs / 1000), 1)} a second`,
    `p50/p95/p99 ${percentiles.join('/')} ms${bound}`,
    `${errors} errors per million of at most ${block.maxErrorsPerMillion}`,
    answers.join(', '),
  ].join('; ');
}
