import { seeded } from '../../helpers/random.ts';
import { readArguments } from '../arguments.ts';
import { percent, tableOf } from '../table.ts';
import { chance, nSigma, traversal } from './baselines.ts';
import { judged, specificity } from './measure.ts';
import { perturbations } from './perturb.ts';
import { causal, type Method } from './rank.ts';
import { readDataSet, type DataSet } from './read.ts';
import { caseLine, comparison } from './show.ts';
import { summaryOf, type Summary } from './summary.ts';

export const usage = `  petshop FOLDER [--json | --cases | --perturb]
      ranks the nodes of labelled cases by graph, symptom and metrics; FOLDER holds graph.csv, noissue/, train/ and test/
      --cases     a line a case, instead of the table
      --perturb   the same faults as they would have looked on another day or elsewhere, a line each (minutes)`;

const baselines: Readonly<Record<string, Method>> = { nSigma, traversal, chance };

/**
 * Answers what is to be printed.
 * @throws UsageError, DataUnusable
 */
export function petshop(argv: readonly string[]): string {
  const { folder, flags } = readArguments(argv, ['json', 'cases', 'perturb']);
  const data = readDataSet(folder);
  if (flags.has('cases')) return judged(causal, data).map(caseLine).join('\n');
  if (flags.has('perturb')) return perturbationTable(data);
  const own = measured(causal, data);
  const others = Object.fromEntries(
    Object.entries(baselines).map(([name, method]) => [name, measured(method, data)] as const),
  );
  return flags.has('json') ? JSON.stringify({ ...own, baselines: others }) : comparison({ causal: own, ...others });
}

export function measured(method: Method, data: DataSet): Summary {
  return summaryOf(judged(method, data), specificity(method, data));
}

/** Whatever is drawn is drawn alike each time. */
const seed = 1;

function perturbationTable(data: DataSet): string {
  const rows = Object.entries(perturbations).map(([name, perturb]) => {
    const one = measured(causal, perturb(data, seeded(seed)));
    return [
      name,
      ...[one.top1, one.top3, one.latency.top1, one.availability.top1, one.empty, one.specificity].map(percent),
    ];
  });
  return tableOf([['', 'top-1', 'top-3', 'latency', 'availability', 'no answer', 'specificity'], ...rows]);
}
