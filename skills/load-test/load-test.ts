import type { Json, JsonObject } from '../../controller/api/json.ts';
import { numberOf, objectOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { againstBefore } from './against-before.ts';
import { figuresOf, milliseconds, percent, rate, type LoadFigures, type Totals } from './figures.ts';
import { addHistograms } from './histogram.ts';
import { type LoadBlock, loadBlockOf } from './load-block.ts';

export const loadTool = 'threehops_http_load';

/** A tool's call is short: a long test is many of them, so that it can be given up and no call runs out of its time. */
const sliceMs = 2_000;

/**
 * Puts the map's load on the service and judges errors and latency; beside it stands how the same load went before the first act.
 * NotRun without a `tests.load` block; Inconclusive when nothing was sent.
 */
export const loadTest: Check = { name: 'load test', writes: true, measuredBefore: true, run };

async function run(context: CheckContext): Promise<CheckResult> {
  const block = loadBlockOf(context.thresholds);
  const named = { name: loadTest.name, node: context.node.id };
  if (block === undefined) {
    return { ...named, verdict: 'NotRun', summary: 'the map declares no load test (spec.tests.load)' };
  }
  const totals = await putLoad(context, block);
  const figures = figuresOf(totals);
  if (figures === undefined) return { ...named, verdict: 'Inconclusive', summary: 'no request was sent' };
  const before = againstBefore(block, figures, context.before);
  return {
    ...named,
    verdict: verdictOf(block, figures),
    summary: [...wordsOf(block, figures), ...before, answersOf(totals)].join('; ').slice(0, 500),
    value: figures.errorsPerMillion,
    threshold: block.maxErrorsPerMillion,
    unit: 'errors per million',
    figures,
  };
}

async function putLoad(context: CheckContext, block: LoadBlock): Promise<Totals> {
  const { tools, signal } = context;
  const slices: Totals[] = [];
  let leftMs = block.durationSeconds * 1000;
  while (leftMs > 0) {
    const args = argumentsOf(block, Math.max(100, Math.min(sliceMs, leftMs)));
    const slice = parseTotals(await tools.call(loadTool, args, signal));
    signal.throwIfAborted();
    slices.push(slice);
    // Where answers are late a call ends late: the load lasts as long as the map says, not as long as so many calls take.
    leftMs -= Math.max(sliceMs, Math.ceil(slice.tookMs));
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

function verdictOf(block: LoadBlock, { errorsPerMillion, p95Microseconds }: LoadFigures): CheckResult['verdict'] {
  const { maxErrorsPerMillion, maxP95Milliseconds = Number.POSITIVE_INFINITY } = block;
  const slow = p95Microseconds > maxP95Milliseconds * 1000;
  return errorsPerMillion > maxErrorsPerMillion || slow ? 'Fail' : 'Pass';
}

function wordsOf(block: LoadBlock, figures: LoadFigures): readonly string[] {
  const { p50Microseconds, p95Microseconds, p99Microseconds, errorsPerMillion, requests } = figures;
  const [p50, p95, p99] = [p50Microseconds, p95Microseconds, p99Microseconds].map(milliseconds);
  const bound = block.maxP95Milliseconds === undefined ? '' : ` (p95 at most ${block.maxP95Milliseconds} ms)`;
  return [
    `${requests} requests, ${rate(figures)}, p50 ${p50}, p95 ${p95}, p99 ${p99} ms${bound}`,
    `errors ${percent(errorsPerMillion)} of at most ${percent(block.maxErrorsPerMillion)}`,
  ];
}

function answersOf({ answers }: Totals): string {
  return Object.entries(answers)
    .map(([answer, count]) => `${answer}: ${count}`)
    .join(', ');
}
