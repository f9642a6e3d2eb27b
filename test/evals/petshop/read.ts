import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../../skills/lib/statistics.ts';

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
  readonly cases: readonly LabelledCase[];
}

/** Reads a folder of the PetShop form; see its README for the form. */
export function readDataSet(folder: string): DataSet {
  const splits = ['train', 'test'].flatMap((split) => issuesIn(folder, split));
  return {
    calls: readCalls(join(folder, 'graph.csv')),
    normal: readMetrics(join(folder, 'noissue', 'metrics.csv')),
    cases: splits.map((name) => readCase(folder, name)),
  };
}

function issuesIn(folder: string, split: string): readonly string[] {
  const number = (name: string): number => Number(name.replace(/\D+/g, ''));
  const entries = readdirSync(folder).includes(split) ? readdirSync(join(folder, split)) : [];
  return entries.toSorted((a, b) => number(a) - number(b)).map((issue) => join(split, issue));
}

function readCase(folder: string, name: string): LabelledCase {
  const text = readFileSync(join(folder, name, 'target.json'), 'utf8');
  // The form's README gives the shape; a folder of another form fails on the first field that is used.
  const label = JSON.parse(text) as { target: Target; root_cause: { node: string } };
  const metrics = readMetrics(join(folder, name, 'metrics.csv'));
  return { name, metrics, target: label.target, rootCause: label.root_cause.node };
}

function readCalls(path: string): DataSet['calls'] {
  const [header = [], ...rows] = readRows(path);
  return new Map(
    rows.map(([caller = '', ...cells]) => [
      caller,
      cells.flatMap((cell, index) => (Number(cell) === 1 ? [header[index + 1] ?? ''] : [])),
    ]),
  );
}

const statistics: Readonly<Record<string, string>> = { latency: 'Average', availability: 'Average', requests: 'Sum' };

function readMetrics(path: string): Metrics {
  const [nodes = [], metrics = [], stats = [], , ...rows] = readRows(path);
  const found = new Map<string, Map<string, readonly Point[]>>();
  for (const [column, node] of nodes.entries()) {
    const metric = metrics[column] ?? '';
    if (column === 0 || statistics[metric] !== stats[column]) continue;
    const points = rows.flatMap((row) => pointOf(row[0], row[column]));
    found.set(node, (found.get(node) ?? new Map<string, readonly Point[]>()).set(metric, points));
  }
  return found;
}

function pointOf(at = '', cell = ''): readonly Point[] {
  const value = cell === '' ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? [[Number(at), value]] : [];
}

/** The form quotes nothing. */
function readRows(path: string): readonly (readonly string[])[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(','));
}
