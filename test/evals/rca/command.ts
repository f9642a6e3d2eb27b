import { performance } from 'node:perf_hooks';
import { readArguments } from '../arguments.ts';
import { DataUnusable } from '../data-unusable.ts';
import { mean } from '../means.ts';
import { hitAt, type Ranked } from '../ranked.ts';
import { percent, tableOf } from '../table.ts';
import { rankOf, type Ranking } from './rank.ts';
import { readCases, type RcaCase } from './read.ts';
import type { Truth } from './truth.ts';

export const usage = `  rca FOLDER [--json]
      ranks services and metrics without a graph; in FOLDER, at any depth, folders with normal.csv and anomalous.csv, or with
      data.csv and inject_time.txt: a column a <service>_<metric>. Where label.json or a folder's name <service>_<fault> tells
      the truth, it says what was hit`;

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
  const { folder, flags } = readArguments(argv, ['json']);
  const outcomes = readCases(folder).map(outcomeOf);
  if (outcomes.length === 0) throw new DataUnusable(`there are no cases in ${folder}`);
  const services = accuracy(outcomes, ({ truth, services: all }) => hits(truth?.service, all));
  const metrics = accuracy(outcomes, ({ truth, metrics: all }) => hitsOfAny(truth, all));
  const msPerCase = mean(outcomes.map(({ ms }) => ms));
  if (flags.has('json')) return JSON.stringify({ cases: outcomes.length, services, metrics, msPerCase, outcomes });
  return [...outcomes.map(lineOf), '', summary({ services, metrics }), `${msPerCase.toFixed(1)} ms a case`].join('\n');
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

function lineOf({ name, truth, services, metrics }: Outcome): string {
  const named = (all: readonly Ranked[]): string =>
    all
      .slice(0, 5)
      .map(({ node }) => node)
      .join(', ');
  const hit = truth === undefined ? '' : services[0]?.node === truth.service ? 'hit   ' : 'miss  ';
  return `${hit}${name}: ${named(services)} | ${named(metrics)}`;
}

function summary(all: Readonly<Record<string, Accuracy>>): string {
  const rows = Object.entries(all).map(([name, { cases, top1, top3, top5, avg5 }]) => [
    name,
    String(cases),
    ...[top1, top3, top5, avg5].map(percent),
  ]);
  return `${tableOf([['', 'labelled', 'top-1', 'top-3', 'top-5', 'Avg@5'], ...rows])}\nWithin a tie a hit counts by its expected value.`;
}
