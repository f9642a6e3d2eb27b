import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Point } from '../../../skills/lib/statistics.ts';
import { numberOf, readCsv, secondsOf } from '../csv.ts';
import { DataUnusable } from '../data-unusable.ts';
import { truthOf, type Truth } from './truth.ts';

/** By service and metric, the points, oldest first. */
export type Services = ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>;

export interface RcaCase {
  /** The folder's path below the one that was asked for. */
  readonly name: string;
  readonly services: Services;
  /** Seconds since the epoch, or since the first row where the rows have no time: from here on it is not normal. NaN where it never is. */
  readonly since: number;
  /** For judging only; undefined where nothing tells. */
  readonly truth: Truth | undefined;
}

/** All cases below the folder, by name. */
export function readCases(folder: string): readonly RcaCase[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const folders = new Set(found.filter((one) => one.isFile()).map((one) => one.parentPath));
  return [folder, ...folders]
    .filter((path, index, all) => all.indexOf(path) === index)
    .flatMap((path) => readCase(path, relative(folder, path) || '.'))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** In two files, or in one with the moment between the two beside it; none where the folder has neither. */
function readCase(path: string, name: string): readonly RcaCase[] {
  const file = (own: string): string => join(path, own);
  const has = (...all: readonly string[]): boolean => all.every((own) => existsSync(file(own)));
  const caseOf = (since: number, columns: Columns): RcaCase => {
    const services = servicesIn(columns);
    return { name, services, since, truth: truthOf(path, services) };
  };
  if (has('normal.csv', 'anomalous.csv')) {
    const normal = readColumns(file('normal.csv'));
    const anomalous = readColumns(file('anomalous.csv'));
    const [since] = spanOf(anomalous);
    return [caseOf(Number.isFinite(since) ? since : Number.NaN, joined(normal, anomalous))];
  }
  if (!has('data.csv', 'inject_time.txt')) return [];
  const since = secondsOf(readFileSync(file('inject_time.txt'), 'utf8').trim());
  if (Number.isNaN(since)) throw new DataUnusable(`${file('inject_time.txt')} holds no time`);
  return [caseOf(since, readColumns(file('data.csv')))];
}

type Columns = ReadonlyMap<string, readonly Point[]>;

const timeColumns = new Set(['time', 'timestamp', 'datetime', 'date', 'unix_timestamp']);

function isTime(column: string): boolean {
  return timeColumns.has(column.toLowerCase());
}

/** Each column in order of time; where none holds times, the rows are a second apart. */
function readColumns(path: string): Columns {
  const [header = [], ...rows] = readCsv(path);
  const time = header.findIndex(isTime);
  const times = rows.map((row, index) => (time < 0 ? index : secondsOf(row[time])));
  const unreadable = times.findIndex(Number.isNaN);
  if (unreadable >= 0) throw new DataUnusable(`${path}: row ${unreadable + 1} has no time that can be read`);
  const pointOf = (row: readonly string[], index: number, column: number): readonly Point[] => {
    const point: Point = [times[index] ?? Number.NaN, numberOf(row[column])];
    return point.every(Number.isFinite) ? [point] : [];
  };
  const columns = header.map((name, column): readonly [string, readonly Point[]] => [
    name,
    rows.flatMap((row, index) => pointOf(row, index, column)).toSorted(([a], [b]) => a - b),
  ]);
  return new Map(columns.filter(([name]) => !isTime(name)));
}

function spanOf(columns: Columns): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const points of columns.values()) {
    first = Math.min(first, points[0]?.[0] ?? first);
    last = Math.max(last, points.at(-1)?.[0] ?? last);
  }
  return [first, last];
}

/** Normal times before the others, whenever they were: each file may count from nothing. */
function joined(normal: Columns, anomalous: Columns): Columns {
  const shift = Math.min(0, spanOf(anomalous)[0] - 1 - spanOf(normal)[1]);
  const names = new Set([...normal.keys(), ...anomalous.keys()]);
  return new Map(
    [...names].map((name) => {
      const before = (normal.get(name) ?? []).map(([at, value]): Point => [at + shift, value]);
      return [name, [...before, ...(anomalous.get(name) ?? [])]];
    }),
  );
}

function servicesIn(columns: Columns): Services {
  const services = new Map<string, Map<string, readonly Point[]>>();
  for (const [column, points] of columns) {
    const split = column.lastIndexOf('_');
    if (split < 1) continue;
    const [service, metric] = [column.slice(0, split), column.slice(split + 1)];
    services.set(service, (services.get(service) ?? new Map<string, readonly Point[]>()).set(metric, points));
  }
  return services;
}
