/** How one column of a table is read from a row. */
export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string | number;
  /** May be cut where the table would be wider than its screen. */
  readonly cut?: true;
  /** Figures: to the right. */
  readonly right?: true;
}

const gap = '   ';
/** However narrow the screen: less tells nothing. */
const leastCut = 8;

/** A table as kubectl prints it, no line longer than `width`, as far as the columns that are not cut let it. */
export function tableOf<T>(rows: readonly T[], columns: readonly Column<T>[], width: number): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ of }) => plain(String(of(row))))),
  ];
  const wanted = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const widths = narrowed(wanted, columns, width - gap.length * (columns.length - 1));
  return cells
    .map((line) =>
      line
        .map((cell, index) => fitted(cell, widths[index] ?? 0, columns[index]?.right === true))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Takes from whatever is widest of what may be cut until all fit together. */
function narrowed<T>(wanted: readonly number[], columns: readonly Column<T>[], room: number): readonly number[] {
  const widths = [...wanted];
  for (let over = widths.reduce((sum, one) => sum + one, -room); over > 0; over -= 1) {
    const open = widths.map((one, index) => (columns[index]?.cut === true && one > leastCut ? one : 0));
    const widest = Math.max(...open);
    if (widest === 0) break;
    widths[open.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function fitted(cell: string, width: number, right: boolean): string {
  if (cell.length <= width) return right ? cell.padStart(width) : cell.padEnd(width);
  // In the middle: what something is stands at its begin, what sets it apart mostly at its end.
  const end = Math.floor((width - 1) / 2);
  return `${cell.slice(0, width - 1 - end)}…${cell.slice(-end)}`;
}

const usualWidth = 80;

/** Of the terminal, else as COLUMNS says, else 80. */
export function screenWidth(): number {
  return process.stdout.columns ?? (Number(process.env['COLUMNS']) || usualWidth);
}

/** What stands in a cluster must not steer a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** How long ago, as kubectl shows it: the largest whole unit. */
export function ageOf(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
