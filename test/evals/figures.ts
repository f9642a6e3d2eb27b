import { tableOf, type Column } from '../../controller/cli/table.ts';
import type { Interval } from './means.ts';

/** Rows of figures under their heads: the first column says what a row is of, and the others stand to the right. */
export function figuresTable(heads: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const columns = heads.map((title, index): Column<readonly string[]> => ({
    title,
    of: (row) => row[index] ?? '',
    ...(index === 0 ? { cut: true } : { right: true }),
  }));
  return tableOf(rows, columns, width);
}

export function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(share * 100).toFixed(1)} %`;
}

/** In percent. */
export function bounds([low, high]: Interval): string {
  return Number.isNaN(low) ? '-' : `[${(low * 100).toFixed(0)}, ${(high * 100).toFixed(0)}]`;
}
