import { readArguments } from '../arguments.ts';
import { chance, nSigma, traversal } from './baselines.ts';
import { judged, specificity } from './measure.ts';
import { causal, type Method } from './rank.ts';
import { readDataSet, type DataSet } from './read.ts';
import { caseLine, comparison } from './show.ts';
import { summaryOf, type Summary } from './summary.ts';

export const usage = `  petshop FOLDER [--json | --cases]
      ranks the nodes of labelled cases by graph, symptom and metrics; FOLDER holds graph.csv, noissue/, train/ and test/
      --cases   a line a case, instead of the table`;

const baselines: Readonly<Record<string, Method>> = { nSigma, traversal, chance };

/**
 * Answers what is to be printed.
 * @throws UsageError, DataUnusable
 */
export function petshop(argv: readonly string[]): string {
  const { folder, flags } = readArguments(argv, ['json', 'cases']);
  const data = readDataSet(folder);
  if (flags.has('cases')) return judged(causal, data).map(caseLine).join('\n');
  const own = measured(causal, data);
  const others = Object.fromEntries(
    Object.entries(baselines).map(([name, method]) => [name, measured(method, data)] as const),
  );
  return flags.has('json') ? JSON.stringify({ ...own, baselines: others }) : comparison({ causal: own, ...others });
}

export function measured(method: Method, data: DataSet): Summary {
  return summaryOf(judged(method, data), specificity(method, data));
}
