import { parseArgs } from 'node:util';
import type { NodeEvidence } from '../../../controller/evidence/bundle.ts';
import { machine } from '../machine.ts';
import { UsageError } from '../usage-error.ts';
import { startBackends, type Backends } from './backends.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

export const usage = '  sweep [--json]   one sweep of 200 nodes beside its slowest probe, and 50 sessions on one map';

const nodes = 200;
const sessions = 50;
const rounds = 7;
/** The operator's own default. */
const coalesceMs = 5000;
/** Alerts of one outage do not come in one moment. */
const spreadMs = 2500;

export interface Result {
  readonly about: readonly string[];
  readonly slowestMs: number;
  /** Wall time of the very first sweep, on a process that has run nothing yet. */
  readonly coldMs: number;
  /** Wall times of the sweeps after it. */
  readonly sweepsMs: readonly number[];
  /** Median wall time by the slowest probe. */
  readonly ratio: number;
  /** Requests that all backends together were sent. */
  readonly queries: { readonly oneSession: number; readonly allSessions: number };
  /** Most requests that one backend was sent by all sessions, for one that a single session sends it. */
  readonly worstBackend: number;
}

/** How long a sweep takes for its slowest probe, and what many sessions at once cost the systems that they look at. */
export async function sweepBench(argv: readonly string[], signal: AbortSignal): Promise<string> {
  const { json } = readOptions(argv);
  const result = await measure(signal);
  return json ? JSON.stringify(result) : asText(result);
}

function readOptions(argv: readonly string[]): { readonly json: boolean } {
  try {
    return parseArgs({ args: [...argv], options: { json: { type: 'boolean', default: false } } }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the options cannot be read', { cause });
  }
}

async function measure(signal: AbortSignal): Promise<Result> {
  const about = await machine(signal);
  const backends = await startBackends(nodes);
  try {
    const slowestMs = Math.max(...backends.all.map(({ delayMs }) => delayMs));
    const times = await timeSweeps(backends, signal);
    const shared = await countQueries(backends, signal);
    return { about, slowestMs, ...times, ratio: median(times.sweepsMs) / slowestMs, ...shared };
  } finally {
    await backends.stop();
  }
}

/** Each round asks anew: nothing of the round before is shared. */
async function timeSweeps(backends: Backends, signal: AbortSignal): Promise<Pick<Result, 'coldMs' | 'sweepsMs'>> {
  const sweeper = createSweeper(backends.all, 0);
  try {
    const coldMs = await timed(sweeper, signal);
    const sweepsMs: number[] = [];
    for (let round = 0; round < rounds; round++) sweepsMs.push(await timed(sweeper, signal));
    return { coldMs, sweepsMs };
  } finally {
    await sweeper.close();
  }
}

async function timed(sweeper: Sweeper, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  assertAllSeen(await sweeper.sweep(1, signal));
  return performance.now() - began;
}

async function countQueries(
  backends: Backends,
  signal: AbortSignal,
): Promise<Pick<Result, 'queries' | 'worstBackend'>> {
  const one = await counted(backends, 1, signal);
  const all = await counted(backends, sessions, signal);
  const shares = [...all].map(([name, count]) => count / (one.get(name) ?? 0));
  return { queries: { oneSession: sum(one), allSessions: sum(all) }, worstBackend: Math.max(...shares) };
}

async function counted(backends: Backends, count: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const sweeper = createSweeper(backends.all, coalesceMs);
  try {
    backends.takeCounts();
    assertAllSeen(await sweeper.sweep(count, signal, spreadMs));
    return backends.takeCounts();
  } finally {
    await sweeper.close();
  }
}

/** A node that was not looked at is fast and worth nothing. */
function assertAllSeen(evidence: readonly NodeEvidence[]): void {
  const unseen = evidence.filter(({ health }) => health === 'Unknown');
  const [first] = unseen;
  if (first !== undefined) throw new Error(`${unseen.length} nodes were not seen: ${first.gaps[0]?.reason ?? ''}`);
  if (evidence.length !== nodes) throw new Error(`${evidence.length} nodes were looked at instead of ${nodes}`);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function asText({ about, slowestMs, coldMs, sweepsMs, ratio, queries, worstBackend }: Result): string {
  const ms = (value: number): string => `${Math.round(value)} ms`;
  return [
    ...about,
    '',
    `one sweep of ${nodes} nodes, whose slowest answers after ${slowestMs} ms: ${ms(median(sweepsMs))}`,
    `  (${ms(Math.min(...sweepsMs))} to ${ms(Math.max(...sweepsMs))} in ${sweepsMs.length} sweeps; the first of the process: ${ms(coldMs)})`,
    `wall time by the slowest probe: ${ratio.toFixed(2)}   (aim: at most 1.15)`,
    `requests to all backends: ${queries.oneSession} for one session, ${queries.allSessions} for ${sessions} within ${spreadMs / 1000} s`,
    `most that one backend was sent by ${sessions} sessions, by what one session sends it: ${worstBackend}   (aim: 1)`,
  ].join('\n');
}
