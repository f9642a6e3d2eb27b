import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Point } from '../../../skills/lib/statistics.ts';
import { numberOf, readCsv, secondsOf } from '../csv.ts';
import { DataUnusable } from '../data-unusable.ts';
import { hasPoints, readMeasures } from './read-measures.ts';
import { chosen, type Measures } from './statistics.ts';

/** For each node and metric the points of one statistic of it, oldest first. */
export type Metrics = ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>;

export interface Target {
  readonly node: string;
  readonly metric: string;
  /** Seconds since the epoch: when the symptom was noticed. */
  readonly timestamp: number;
}

export interface LabelledCase {
  readonly name: string;
  /** Normal operation, by the same statistics as the window's. Cases share it as far as they can. */
  readonly normal: Metrics;
  /** The window's. */
  readonly metrics: Metrics;
  readonly target: Target;
  /** For judging only: no method may see it. */
  readonly rootCause: string;
}

export interface DataSet {
  /** Caller to callees. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  /** Those of train first, then those of test. */
  readonly cases: readonly LabelledCase[];
}

/**
 * Reads a folder of the PetShop form; train or test may be missing, and so may any column or value.
 * @throws DataUnusable
 */
export function readDataSet(folder: string): DataSet {
  const normal = readMeasures(needed(folder, join('noissue', 'metrics.csv'), 'normal operation'));
  const calls = readCalls(needed(folder, 'graph.csv', 'who calls whom'));
  const names = ['train', 'test'].flatMap((split) => issuesIn(folder, split));
  if (names.length === 0) throw new DataUnusable(`there are no cases in ${folder}: none in train/, none in test/`);
  if (!hasPoints(normal)) throw new DataUnusable(`nothing is known of normal operation in ${folder}`);
  const shared: Metrics[] = [];
  return { calls, cases: names.map((name) => readCase(folder, name, normal, shared)) };
}

function needed(folder: string, file: string, what: string): string {
  const path = join(folder, file);
  if (existsSync(path)) return path;
  throw new DataUnusable(`${path} is missing: it tells ${what}`);
}

function issuesIn(folder: string, split: string): readonly string[] {
  if (!existsSync(join(folder, split))) return [];
  const number = (name: string): number => Number(name.replace(/\D+/g, ''));
  return readdirSync(join(folder, split))
    .filter((name) => existsSync(join(folder, split, name, 'target.json')))
    .toSorted((a, b) => number(a) - number(b))
    .map((issue) => join(split, issue));
}

function readCase(folder: string, name: string, normal: Measures, shared: Metrics[]): LabelledCase {
  const { target, rootCause, statistic } = readLabel(needed(folder, join(name, 'target.json'), 'the symptom'));
  const window = readMeasures(needed(folder, join(name, 'metrics.csv'), 'what was measured'));
  return {
    name,
    normal: known(chosen(normal, window, statistic), shared),
    metrics: chosen(window, normal, statistic),
    target,
    rootCause,
  };
}

/** The one among those that there are that is the same, else it itself. */
function known(metrics: Metrics, shared: Metrics[]): Metrics {
  const same = shared.find((one) => isDeepStrictEqual(one, metrics));
  if (same === undefined) shared.push(metrics);
  return same ?? metrics;
}

interface Label {
  readonly target: Target & { readonly agg?: string };
  readonly root_cause: { readonly node: string };
}

function readLabel(path: string): Pick<LabelledCase, 'target' | 'rootCause'> & { readonly statistic: string } {
  const label = labelIn(path);
  const { node, metric, agg = 'Average' } = label.target;
  const timestamp = secondsOf(String(label.target.timestamp));
  if (Number.isNaN(timestamp)) throw new DataUnusable(`${path} does not tell when the symptom was noticed`);
  return { target: { node, metric, timestamp }, rootCause: label.root_cause.node, statistic: agg };
}

function labelIn(path: string): Label {
  try {
    // The form's README gives the shape; a file of another form fails on the first field that is used.
    const label = JSON.parse(readFileSync(path, 'utf8')) as Label;
    if (typeof label.target.node === 'string' && typeof label.root_cause.node === 'string') return label;
  } catch (cause) {
    throw new DataUnusable(`${path} does not have a target and a root_cause`, { cause });
  }
  throw new DataUnusable(`${path} does not have a target and a root_cause`);
}

function readCalls(path: string): DataSet['calls'] {
  const [header = [], ...rows] = readCsv(path);
  const calls = new Map(
    rows.map(([caller = '', ...cells]) => [
      caller,
      cells.flatMap((cell, index) => (isCall(cell, path) ? [header[index + 1] ?? ''] : [])),
    ]),
  );
  if ([...calls.values()].every((callees) => callees.length === 0)) throw new DataUnusable(`nobody calls in ${path}`);
  return calls;
}

const said: Readonly<Record<string, number>> = { '': 0, false: 0, true: 1 };

function isCall(cell: string, path: string): boolean {
  const value = said[cell.trim().toLowerCase()] ?? numberOf(cell);
  if (value !== 0 && value !== 1) throw new DataUnusable(`${path} has a cell that is neither 0 nor 1: ${cell}`);
  return value === 1;
}
