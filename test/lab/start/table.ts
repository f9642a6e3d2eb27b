import { cut, wrap, type Ink } from './ink.ts';

export interface Column {
  readonly title: string;
  /** Share of the room that is left when the narrow columns have what they need; 0 for a narrow one. */
  readonly share: number;
}

const mostLines = 6;

/** A table whose wide columns share the width; their texts are broken into lines. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  ink: Ink,
): readonly string[] {
  const widths = widthsOf(columns, rows, width);
  const titles = columns.map(({ title }) => title);
  return [ink('dim', rowLines(titles, widths).join('\n')), ...rows.flatMap((row) => rowLines(row, widths))];
}

function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly number[] {
  const longest = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const gaps = (columns.length - 1) * 2;
  const fixed = columns.reduce((sum, { share }, index) => sum + (share === 0 ? (longest[index] ?? 0) : 0), gaps);
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }, index) => {
    const most = longest[index] ?? 0;
    return share === 0 ? most : Math.min(most, Math.max(10, Math.floor(((width - fixed) * share) / shares)));
  });
}

function rowLines(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = widths.map((width, index) => cellLines(row[index] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, index) => (lines[line] ?? '').padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cellLines(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text];
  const lines = wrap(text.replaceAll('\n', ' '), width);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), cut(`${lines[mostLines - 1] ?? ''} …`, width)];
}
