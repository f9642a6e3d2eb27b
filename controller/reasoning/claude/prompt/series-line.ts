import type { Series } from '../../../evidence/finding.ts';

/** A series by its figures: what a reader would take from its picture. */
export function seriesLine({ name, aspect, unit, points, source }: Series): string {
  const values = points.map(([, value]) => value);
  const from = Math.floor((values.length * 3) / 4);
  const figures = {
    n: values.length,
    min: plain(Math.min(...values)),
    median: plain(medianOf(values)),
    max: plain(Math.max(...values)),
    early: plain(medianOf(values.slice(0, from))),
    late: plain(medianOf(values.slice(from))),
    last: plain(values.at(-1)),
  };
  return JSON.stringify({ name, aspect, unit, ...(values.length === 0 ? { n: 0 } : figures), source });
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Four digits tell enough. */
function plain(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(4));
}
