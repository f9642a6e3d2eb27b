import { readFileSync } from 'node:fs';

/** Rows of cells, empty lines left out; with Windows' line ends and a byte order mark as well. */
export function readCsv(path: string): readonly (readonly string[])[] {
  return readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(cellsOf);
}

/** What is within quotes may hold commas; two quotes within them stand for one. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const cells = line.match(/(?<=^|,)("(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

/** NaN for what is no number, an empty cell among it. */
export function numberOf(cell = ''): number {
  return cell.trim() === '' ? Number.NaN : Number(cell);
}

/** No second has so large a number for thousands of years: it counts milliseconds. */
const milliseconds = 1e11;

/** Seconds since the epoch, of a number of them or of thousandths (of thousandths) of them, or of a date; NaN for what is none. */
export function secondsOf(cell = ''): number {
  let number = numberOf(cell);
  if (Number.isNaN(number)) return Date.parse(cell) / 1000;
  if (!Number.isFinite(number)) return Number.NaN;
  while (Math.abs(number) > milliseconds) number /= 1000;
  return number;
}
