import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../../skills/lib/statistics.ts';
import { numberOf, readCsv, secondsOf } from '../csv.ts';
import { DataUnusable } from '../data-unusable.ts';

/** One file of metrics: for each node and metric (mean of a period, or sum for requests) its points, oldest first. */
export type Metrics = ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>;

export interface Target {
  readonly node: string;
  readonly metric: string;
  /** Seconds since the epoch: when the symptom was noticed. */
  readonly timestamp: number;
}

export interface LabelledCase {
  readonly name: string;
  readonly metrics: Metrics;
  readonly target: Target;
  /** For judging only: no method may see it. */
  readonly rootCause: string;
}

export interface DataSet {
  /** Caller to callees. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  readonly normal: Metrics;
  /** Those of train first, then those of test. */
  readonly cases: readonly LabelledCase[];
}

/**
 * Reads a folder of the PetShop form; train or test may be missing, and so may any column or value.
 * @throws DataUnusable
 */
export function readDataSet(folder: string): DataSet {
  const normal = readMetrics(needed(folder, join('noissue', 'metrics.csv'), 'normal operation'));
  const calls = readCalls(needed(folder, 'graph.csv', 'who calls whom'));
  const names = ['train', 'test'].flatMap((split) => issuesIn(folder, split));
  if (names.length === 0) throw new DataUnusable(`there are no cases in ${folder}: none in train/, none in test/`);
  if (normal.size === 0) throw new DataUnusable(`nothing is known of normal operation in ${folder}`);
  return { calls, normal, cases: names.map((name) => readCase(folder, name)) };
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

function readCase(folder: string, name: string): LabelledCase {
  const { target, rootCause } = readLabel(needed(folder, join(name, 'target.json'), 'the symptom'));
  const metrics = readMetrics(needed(folder, join(name, 'metrics.csv'), 'what was measured'));
  return { name, metrics, target, rootCause };
}

function readLabel(path: string): Pick<LabelledCase, 'target' | 'rootCause'> {
  try {
    // The form's README gives the shape; a file of another form fails on the first field that is used.
    const label = JSON.parse(readFileSync(path, 'utf8')) as { target: Target; root_cause: { node: string } };
    const { node, metric, timestamp } = label.target;
    return { target: { node, metric, timestamp: secondsOf(String(timestamp)) }, rootCause: label.root_cause.node };
  } catch (cause) {
    throw new DataUnusable(`${path} does not have a target and a root_cause`, { cause });
  }
}

function readCalls(path: string): DataSet['calls'] {
  const [header = [], ...rows] = readCsv(path);
  return new Map(
    rows.map(([caller = '', ...cells]) => [
      caller,
      cells.flatMap((cell, index) => (numberOf(cell) === 1 ? [header[index + 1] ?? ''] : [])),
    ]),
  );
}

const statistics: Readonly<Record<string, string>> = { latency: 'Average', availability: 'Average', requests: 'Sum' };
const headerRows = 3;

function readMetrics(path: string): Metrics {
  const [nodes = [], metrics = [], stats = [], ...rest] = readCsv(path);
  if (rest.length === 0 && nodes.length === 0) return new Map();
  if (stats.length === 0) throw new DataUnusable(`${path} does not begin with ${headerRows} rows of names`);
  // The row that names the column of times is none of measures.
  const rows = rest.filter(([at = '']) => !Number.isNaN(secondsOf(at)));
  const found = new Map<string, Map<string, readonly Point[]>>();
  for (const [column, node] of nodes.entries()) {
    const metric = metrics[column] ?? '';
    if (column === 0 || statistics[metric] !== stats[column]) continue;
    const points = rows.flatMap((row) => pointOf(row[0], row[column])).toSorted(([a], [b]) => a - b);
    found.set(node, (found.get(node) ?? new Map<string, readonly Point[]>()).set(metric, points));
  }
  return found;
}

function pointOf(at = '', cell = ''): readonly Point[] {
  const value = numberOf(cell);
  return Number.isFinite(value) ? [[secondsOf(at), value]] : [];
}
