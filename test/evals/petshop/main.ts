import { interval } from './interval.ts';
import { judge, specificity, type Judged } from './measure.ts';
import { readDataSet } from './read.ts';

/** node test/evals/petshop/main.ts FOLDER [--json]: ranks every case of a folder of the PetShop form. */
function main(folder: string | undefined, json: boolean): number {
  if (folder === undefined) {
    console.error('which folder? it holds graph.csv, noissue/, train/ and test/');
    return 2;
  }
  const data = readDataSet(folder);
  const judged = data.cases.map((one) => judge(data, one));
  if (judged.length === 0) {
    console.error(`there are no cases in ${folder}`);
    return 1;
  }
  const result = summary(judged, specificity(data));
  if (json) console.log(JSON.stringify(result));
  else print(judged, result);
  return 0;
}

function summary(judged: readonly Judged[], silent: ReturnType<typeof specificity>) {
  const of = (metric: string) => accuracy(judged.filter((one) => one.metric === metric));
  return {
    ...accuracy(judged),
    latency: of('latency'),
    availability: of('availability'),
    empty: mean(judged.map(({ ranked }) => (ranked.length === 0 ? 1 : 0))),
    specificity: rounded(silent.share),
    windows: silent.windows,
    msPerCase: mean(judged.map(({ ms }) => ms)),
  };
}

function accuracy(judged: readonly Judged[]) {
  const [first, three] = [judged.map(({ top1 }) => top1), judged.map(({ top3 }) => top3)];
  return { cases: judged.length, top1: mean(first), top3: mean(three), top1Interval: interval(first).map(rounded) };
}

function mean(values: readonly number[]): number {
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function print(judged: readonly Judged[], result: ReturnType<typeof summary>): void {
  for (const { name, metric, rootCause, ranked, top1, ms } of judged) {
    const named = ranked.slice(0, 3).map(({ node, share }) => `${node} ${share.toFixed(2)}`);
    console.log(
      `${top1 === 1 ? 'hit ' : 'miss'} ${name} ${metric} ${ms.toFixed(0)} ms ${rootCause} <- ${named.join(', ')}`,
    );
  }
  console.log(JSON.stringify(result, undefined, 2));
}

process.exitCode = main(
  process.argv.slice(2).find((argument) => !argument.startsWith('-')),
  process.argv.includes('--json'),
);
