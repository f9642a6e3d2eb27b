import { screenWidth } from '../../../controller/cli/table.ts';
import { UsageError } from '../../../controller/cli/usage-error.ts';
import { seeded } from '../../helpers/random.ts';
import { readArguments } from '../arguments.ts';
import { figuresTable, percent } from '../figures.ts';
import { chance, nSigma, traversal } from './baselines.ts';
import { judged, specificity } from './measure.ts';
import { perturbations } from './perturb.ts';
import { causal, type Method } from './rank.ts';
import { readDataSet, type DataSet } from './read.ts';
import { caseLines, comparison } from './show.ts';
import { summaryOf, type Summary } from './summary.ts';

export const usage = `  petshop FOLDER [--json | --cases | --perturb [--seed N]]
      ranks the nodes of labelled cases by graph, symptom and metrics;
      FOLDER holds graph.csv, noissue/, train/ and test/
      --cases     a line a case, instead of the table
      --perturb   the same faults as they would have looked on another day or
                  elsewhere, a line each (minutes)
      --seed N    of what is drawn for that (1 without it)`;

const baselines: Readonly<Record<string, Method>> = { nSigma, traversal, chance };

/**
 * Answers what is to be printed.
 * @throws UsageError, DataUnusable
 */
export function petshop(argv: readonly string[]): string {
  const { folder, flag, counts } = readArguments(argv, ['json', 'cases', 'perturb'], ['seed']);
  if (counts.seed !== undefined && flag !== 'perturb') throw new UsageError('--seed goes with --perturb');
  const data = readDataSet(folder);
  if (flag === 'cases') return caseLines(judged(causal, data), screenWidth());
  if (flag === 'perturb') return perturbationTable(data, counts.seed ?? 1);
  const own = measured(causal, data);
  const others = Object.fromEntries(
    Object.entries(baselines).map(([name, method]) => [name, measured(method, data)] as const),
  );
  return flag === 'json'
    ? JSON.stringify({ ...own, baselines: others })
    : comparison({ causal: own, ...others }, screenWidth());
}

export function measured(method: Method, data: DataSet): Summary {
  return summaryOf(judged(method, data), specificity(method, data));
}

/** Whatever is drawn is drawn alike each time by the same seed. */
function perturbationTable(data: DataSet, seed: number): string {
  const rows = Object.entries(perturbations).map(([name, perturb]) => {
    const one = measured(causal, perturb(data, seeded(seed)));
    return [
      name,
      ...[one.top1, one.top3, one.latency.top1, one.availability.top1, one.empty, one.specificity].map(percent),
    ];
  });
  return figuresTable(['', 'top-1', 'top-3', 'latency', 'avail.', 'silent', 'specif.'], rows, screenWidth());
}
