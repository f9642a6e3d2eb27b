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
