import { tableOf, type Column } from '../../../controller/cli/table.ts';
import { bounds, figuresTable, percent } from '../figures.ts';
import type { Judged } from './measure.ts';
import type { Accuracy, Summary } from './summary.ts';

export type ByMethod = Readonly<Record<string, Summary>>;

type Row = readonly [string, (one: Summary) => string];

const rows: readonly Row[] = [
  ...accuracyRows('all', (one) => one),
  ...accuracyRows('latency', ({ latency }) => latency),
  ...accuracyRows('availability', ({ availability }) => availability),
  ['no answer', ({ empty }) => percent(empty)],
  ['specificity', ({ specificity }) => percent(specificity)],
  ['  bootstrap', ({ specificityInterval }) => bounds(specificityInterval)],
  ['ms a case', ({ msPerCase }) => msPerCase.toFixed(1)],
];

function accuracyRows(name: string, of: (one: Summary) => Accuracy): readonly Row[] {
  return (['top1', 'top3'] as const).flatMap((place): readonly Row[] => [
    [`${name}: ${place.replace('top', 'top-')}`, (one) => percent(of(one)[place])],
    ['  bootstrap', (one) => bounds(of(one).intervals[place])],
    ['  Wilson', (one) => bounds(of(one).wilson[place])],
  ]);
}

/** The methods side by side. */
export function comparison(byMethod: ByMethod, width: number): string {
  const methods = Object.values(byMethod);
  const body = rows.map(([label, cell]) => [label, ...methods.map(cell)]);
  const counted = methods
    .slice(0, 1)
    .flatMap(({ cases, latency, availability, windows, windowsApart }) => [
      `${cases} cases: ${latency.cases} of latency, ${availability.cases} of availability.`,
      `${windows} ordinary windows for the specificity, ${windowsApart} of which do not overlap.`,
    ]);
  return [
    figuresTable(['', ...Object.keys(byMethod)], body, width),
    '',
    ...counted,
    'In brackets 95 % intervals; windows that overlap are drawn together.',
    'Within a tie a hit counts by its expected value over the orders.',
  ].join('\n');
}

const caseColumns: readonly Column<Judged>[] = [
  { title: '', of: ({ top1 }) => (top1 === 1 ? 'hit' : 'miss') },
  { title: 'CASE', of: ({ name }) => name },
  { title: 'METRIC', of: ({ metric }) => metric },
  { title: 'MS', of: ({ ms }) => ms.toFixed(0), right: true },
  { title: 'CAUSE', of: ({ rootCause }) => rootCause, cut: true },
  { title: 'NAMED', of: ({ ranked }) => namesOf(ranked), cut: true },
];

/** A line a case. */
export function caseLines(cases: readonly Judged[], width: number): string {
  return tableOf(cases, caseColumns, width);
}

function namesOf(ranked: Judged['ranked']): string {
  return ranked
    .slice(0, 3)
    .map(({ node, share }) => `${share.toFixed(2)} ${node}`)
    .join(', ');
}
