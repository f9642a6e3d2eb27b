/**
 * `npm run calibration -- [--json] [--petshop FOLDER]`: how often what the reasoner names first is so, against how surely
 * it says it, over all recordings and seeded perturbations of them; the figures of docs/calibration.md. With a folder of the PetShop
 * form also of its ranking of that. Exits with 1 where the parameters in use are not those that the recordings give.
 */
import { parseArgs } from 'node:util';
import { calibrated, fitted } from '../../../controller/reasoning/calibration.ts';
import { judged } from '../petshop/measure.ts';
import { causal } from '../petshop/rank.ts';
import { readDataSet } from '../petshop/read.ts';
import { calibrationReport, rankingScore, rowsOf } from './report.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, petshop: { type: 'string' } } });
process.exitCode = await main(values.json, values.petshop);

async function main(json: boolean, petshop: string | undefined): Promise<number> {
  const report = { ...(await calibrationReport()), ...(petshop === undefined ? {} : { petshop: ranked(petshop) }) };
  if (json) console.log(JSON.stringify(report));
  else for (const row of rowsOf(report)) console.log(row);
  if (!json && report.petshop !== undefined) console.log(JSON.stringify(report.petshop));
  if (report.fit.intercept === fitted.intercept && report.fit.slope === fitted.slope) return 0;
  console.error(`the recordings give ${JSON.stringify(report.fit)}; in use is ${JSON.stringify(fitted)}`);
  return 1;
}

function ranked(folder: string): ReturnType<typeof rankingScore> {
  return rankingScore(
    judged(causal, readDataSet(folder)).flatMap(({ ranked: [first], top1 }) =>
      first === undefined ? [] : [{ confidence: calibrated(first.share, fitted), isTrue: top1 === 1 }],
    ),
  );
}
