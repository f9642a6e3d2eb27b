import { performance } from 'node:perf_hooks';
import { screenWidth, tableOf } from '../../../controller/cli/table.ts';
import { readArguments } from '../arguments.ts';
import { DataUnusable } from '../data-unusable.ts';
import { mean } from '../means.ts';
import { hitAt, type Ranked } from '../ranked.ts';
import { figuresTable, percent } from '../figures.ts';
import { rankOf, type Ranking } from './rank.ts';
import { readCases, type RcaCase } from './read.ts';
import type { Truth } from './truth.ts';

export const usage = `  rca FOLDER [--json]
      ranks services and metrics without a graph; in FOLDER, at any depth,
      folders with normal.csv and anomalous.csv, or with data.csv and
      inject_time.txt: a column a <service>_<metric>. Where label.json or a
      folder's name <service>_<fault> tells the truth, it says what was hit`;

interface Outcome extends Ranking, Pick<RcaCase, 'name'> {
  readonly truth?: Truth;
  readonly ms: number;
}

/** NaN (in JSON null) where no case has a label. */
interface Accuracy {
  readonly cases: number;
  readonly top1: number;
  readonly top3: number;
  readonly top5: number;
  /** The mean of top-1 to top-5. */
  readonly avg5: number;
}

/**
 * Answers what is to be printed.
 * @throws UsageError, DataUnusable
 */
export function rca(argv: readonly string[]): string {
  const { folder, flag } = readArguments(argv, ['json']);
  const outcomes = readCases(folder).map(outcomeOf);
  if (outcomes.length === 0) throw new DataUnusable(`there are no cases in ${folder}`);
  const services = accuracy(outcomes, ({ truth, services: all }) => hits(truth?.service, all));
  const metrics = accuracy(outcomes, ({ truth, metrics: all }) => hitsOfAny(truth, all));
  const msPerCase = mean(outcomes.map(({ ms }) => ms));
  if (flag === 'json') return JSON.stringify({ cases: outcomes.length, services, metrics, msPerCase, outcomes });
  return [linesOf(outcomes), '', summary({ services, metrics }), `${msPerCase.toFixed(1)} ms a case`].join('\n');
}

function outcomeOf(one: RcaCase): Outcome {
  const { name, truth } = one;
  const began = performance.now();
  const ranking = rankOf(one);
  return { name, ...ranking, ms: performance.now() - began, ...(truth === undefined ? {} : { truth }) };
}

const places = [1, 2, 3, 4, 5] as const;

/** At each of the five places; undefined without a label. */
function hits(node: string | undefined, ranked: readonly Ranked[]): readonly number[] | undefined {
  return node === undefined ? undefined : places.map((k) => hitAt(k, node, ranked));
}

function hitsOfAny(truth: Truth | undefined, ranked: readonly Ranked[]): readonly number[] | undefined {
  if (truth === undefined || truth.metrics.length === 0) return undefined;
  const nodes = truth.metrics.map((metric) => `${truth.service}_${metric}`);
  return places.map((k) => Math.max(...nodes.map((node) => hitAt(k, node, ranked))));
}

function accuracy(outcomes: readonly Outcome[], of: (one: Outcome) => readonly number[] | undefined): Accuracy {
  const all = outcomes.flatMap((one) => {
    const found = of(one);
    return found === undefined ? [] : [found];
  });
  const at = (k: number): number => mean(all.map((found) => found[k - 1] ?? 0));
  return { cases: all.length, top1: at(1), top3: at(3), top5: at(5), avg5: mean(all.flat()) };
}

/** A line a case. */
function linesOf(outcomes: readonly Outcome[]): string {
  const named = (all: readonly Ranked[]): string =>
    all
      .slice(0, 5)
      .map(({ node }) => node)
      .join(', ');
  return tableOf(
    outcomes,
    [
      { title: 'HIT', of: ({ truth, services }) => (truth === undefined ? '' : hitOf(truth.service, services)) },
      { title: 'CASE', of: ({ name }) => name, cut: true },
      { title: 'SERVICES', of: ({ services }) => named(services), cut: true },
      { title: 'METRICS', of: ({ metrics }) => named(metrics), cut: true },
    ],
    screenWidth(),
  );
}

/** Of a tie for the first place its share. */
function hitOf(service: string, ranked: readonly Ranked[]): string {
  const share = hitAt(1, service, ranked);
  return share === 1 ? 'hit' : share === 0 ? 'miss' : `hit ${share.toFixed(2)}`;
}

function summary(all: Readonly<Record<string, Accuracy>>): string {
  const rows = Object.entries(all).map(([name, { cases, top1, top3, top5, avg5 }]) => [
    name,
    String(cases),
    ...[top1, top3, top5, avg5].map(percent),
  ]);
  return [
    figuresTable(['', 'labelled', 'top-1', 'top-3', 'top-5', 'Avg@5'], rows, screenWidth()),
    'Within a tie a hit counts by its expected value. Of metrics it is the best of',
    'all of the service whose name begins as the fault is called.',
  ].join('\n');
}
