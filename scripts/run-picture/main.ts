import { readFileSync, writeFileSync } from 'node:fs';
import { svgOf } from './svg.ts';
import { shownBy, type Cell } from './terminal.ts';

/**
 * Makes a picture of what a run wrote to a terminal of 100 columns, recorded by `script` (util-linux):
 *
 *     script -qec 'stty cols 100; npm start -- --fault small-memory' run.typescript
 *     node scripts/run-picture/main.ts run.typescript docs/run.svg
 */
const columns = 100;

const [recording, picture] = process.argv.slice(2);
if (recording === undefined || picture === undefined)
  throw new TypeError('give a recording and the picture to be made');
const written = readFileSync(recording, 'utf8')
  .replace(/^Script started on .*\n/, '')
  .replace(/\nScript done on .*\n$/, '');
const textOf = (line: readonly Cell[]): string => line.map(({ sign }) => sign).join('');
const lines = [...shownBy(written, columns)];
while (lines.at(-1)?.length === 0) lines.pop();
// What npm says before it is of the machine and not of the run.
const first = lines.findIndex((line) => /^> threehops@\S+ start$/.test(textOf(line)));
if (first < 0) throw new Error(`${recording} holds no run of npm start`);
writeFileSync(
  picture,
  svgOf(lines.slice(first), columns, 'npm start in a terminal, from the first step to the result'),
);
