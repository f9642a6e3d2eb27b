import type { Interval } from '../means.ts';
import { percent, tableOf } from '../table.ts';
import type { Judged } from './measure.ts';
import type { Accuracy, Summary } from './summary.ts';

export type ByMethod = Readonly<Record<string, Summary>>;

const rows: readonly (readonly [string, (one: Summary) => string])[] = [
  ['all: top-1', first],
  ['all: top-3', three],
  ['latency: top-1', ({ latency }) => first(latency)],
  ['latency: top-3', ({ latency }) => three(latency)],
  ['availability: top-1', ({ availability }) => first(availability)],
  ['availability: top-3', ({ availability }) => three(availability)],
  ['no answer', ({ empty }) => percent(empty)],
  ['specificity', ({ specificity }) => percent(specificity)],
  ['ms a case', ({ msPerCase }) => msPerCase.toFixed(1)],
];

/** The methods side by side. */
export function comparison(byMethod: ByMethod): string {
  const methods = Object.values(byMethod);
  const table = [['', ...Object.keys(byMethod)], ...rows.map(([label, cell]) => [label, ...methods.map(cell)])];
  const counted = methods
    .slice(0, 1)
    .map(
      ({ cases, latency, availability, windows }) =>
        `${cases} cases: ${latency.cases} of latency, ${availability.cases} of availability; ${windows} ordinary windows for the specificity.`,
    );
  return [
    tableOf(table),
    '',
    ...counted,
    'In brackets 95 % bootstrap intervals. Within a tie a hit counts by its expected value over the orders.',
  ].join('\n');
}

export function caseLine({ name, metric, rootCause, ranked, top1, ms }: Judged): string {
  const named = ranked.slice(0, 3).map(({ node, share }) => `${node} ${share.toFixed(2)}`);
  return `${top1 === 1 ? 'hit ' : 'miss'} ${name} ${metric} ${ms.toFixed(0)} ms ${rootCause} <- ${named.join(', ')}`;
}

function first({ top1, intervals }: Accuracy): string {
  return within(top1, intervals.top1);
}

function three({ top3, intervals }: Accuracy): string {
  return within(top3, intervals.top3);
}

function within(share: number, [low, high]: Interval): string {
  return Number.isNaN(share) ? '-' : `${percent(share)} [${(low * 100).toFixed(0)}, ${(high * 100).toFixed(0)}]`;
}
