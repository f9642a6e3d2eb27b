import type { Comparison, SideFigures } from './compare.ts';
import { told } from '../shares.ts';

/** A comparison for a terminal: the figures side by side, then where the two differ. */
export function textOf({ sides, agreement, differences }: Comparison): string {
  const row = (name: string, of: (side: SideFigures) => string): string =>
    [name.padEnd(18), ...sides.map((side) => of(side).padEnd(28))].join(' ').trimEnd();
  return [
    row('', ({ name }) => name),
    row('right cause at 1', ({ causeAt1 }) => told(causeAt1)),
    row('right cause at 3', ({ causeAt3 }) => told(causeAt3)),
    row('right fix', ({ rightFix }) => told(rightFix)),
    row('no answer', ({ failures }) => String(failures.length)),
    row('tokens', ({ tokens }) => String(tokens)),
    `agreement          ${told(agreement)} of the diagnoses`,
    ...sides.flatMap(({ name, failures }) => failures.map((failure) => `${name} gave no answer on ${failure}`)),
    ...differences.flatMap(({ fault, diagnosis, said }) => [
      `${fault}, diagnosis ${diagnosis}:`,
      ...sides.map(({ name }, index) => `  ${name}: ${said[index]}`),
    ]),
  ].join('\n');
}
