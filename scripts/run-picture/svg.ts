import type { Cell, Look } from './terminal.ts';

const palette: Readonly<Record<string, string>> = {
  black: '#6e7681',
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#56d4dd',
  white: '#e6edf3',
};

const size = { font: 13, advance: 7.82, line: 18, margin: 16 };

/** A picture of a terminal's lines, `columns` wide, as text that can be selected. */
export function svgOf(lines: readonly (readonly Cell[])[], columns: number, title: string): string {
  const width = Math.ceil(columns * size.advance + 2 * size.margin);
  const height = lines.length * size.line + 2 * size.margin;
  const rows = lines.map((line, index) => rowOf(line, size.margin + (index + 0.75) * size.line));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size.font}" fill="#e6edf3">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface Run {
  readonly text: string;
  readonly look: Look;
  readonly column: number;
}

/** Each run is placed by its column and stretched to its cells, so that no font can shift what follows. */
function rowOf(line: readonly Cell[], y: number): string {
  const spans = runsOf(line).map(({ text, look, column }) => {
    const x = (size.margin + column * size.advance).toFixed(1);
    const length = (text.length * size.advance).toFixed(1);
    return `<tspan x="${x}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${attributes(look)}>${escaped(text)}</tspan>`;
  });
  return spans.length === 0 ? '' : `<text y="${y.toFixed(1)}">${spans.join('')}</text>`;
}

function runsOf(line: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  line.forEach(({ sign, look }, column) => {
    const last = runs.at(-1);
    const same = last !== undefined && JSON.stringify(last.look) === JSON.stringify(look);
    if (same) runs[runs.length - 1] = { ...last, text: last.text + sign };
    else runs.push({ text: sign, look, column });
  });
  // Not every renderer keeps spaces that follow one another.
  return runs.flatMap(({ text, look, column }) =>
    [...text.matchAll(/\S+( \S+)*/g)].map((words) => ({ text: words[0], look, column: column + words.index })),
  );
}

function attributes({ colour, bold, dim, underline }: Look): string {
  return [
    colour === undefined ? '' : ` fill="${palette[colour] ?? ''}"`,
    bold === true ? ' font-weight="bold"' : '',
    dim === true ? ' fill-opacity="0.6"' : '',
    underline === true ? ' text-decoration="underline"' : '',
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
