import type { Point } from '../../../skills/lib/statistics.ts';
import { numberOf, readCsv, secondsOf } from '../csv.ts';
import { DataUnusable } from '../data-unusable.ts';
import type { Measures } from './statistics.ts';

const headerRows = 3;

/** Columns under three rows of names: node, metric, statistic. @throws DataUnusable */
export function readMeasures(path: string): Measures {
  const [nodes = [], metrics = [], stats = [], ...rest] = readCsv(path);
  if (rest.length === 0 && nodes.length === 0) return new Map();
  if (stats.length === 0) throw new DataUnusable(`${path} does not begin with ${headerRows} rows of names`);
  const rows = rest.filter((row) => isTimed(row, path));
  const found = new Map<string, Map<string, Map<string, readonly Point[]>>>();
  for (const [column, node] of nodes.entries()) {
    const [metric = '', statistic = ''] = [metrics[column], stats[column]?.toLowerCase()];
    if (column === 0 || metric === '') continue;
    const points = rows.flatMap((row) => pointOf(row[0], row[column])).toSorted(([a], [b]) => a - b);
    const own = found.get(node) ?? new Map<string, Map<string, readonly Point[]>>();
    found.set(node, own.set(metric, (own.get(metric) ?? new Map<string, readonly Point[]>()).set(statistic, points)));
  }
  return found;
}

/** A row that names the column of times holds no values; one that holds some must tell when. */
function isTimed([at = '', ...cells]: readonly string[], path: string): boolean {
  if (!Number.isNaN(secondsOf(at))) return true;
  if (cells.every((cell) => Number.isNaN(numberOf(cell)))) return false;
  throw new DataUnusable(`${path} has a row at a time that cannot be read: ${at}`);
}

function pointOf(at = '', cell = ''): readonly Point[] {
  const value = numberOf(cell);
  return Number.isFinite(value) ? [[secondsOf(at), value]] : [];
}

export function hasPoints(measures: Measures): boolean {
  const all = [...measures.values()].flatMap((metrics) => [...metrics.values()].flatMap((one) => [...one.values()]));
  return all.some((points) => points.length > 0);
}
