import { fitted, type Calibration } from '../../../controller/reasoning/calibration.ts';
import { faults } from '../../lab/faults/catalogue.ts';
import { collect, type Named } from './collect.ts';
import { fit } from './fit.ts';
import { binsOf, brier, calibrationError, mean, type Bin } from './reliability.ts';

/** One half of the faults: what was named, before and after the calibration. */
export interface Half {
  readonly faults: number;
  readonly n: number;
  readonly hits: number;
  readonly raw: Score;
  readonly calibrated: Score;
  /** Of what the operator says. */
  readonly bins: readonly Bin[];
}

export interface Score {
  readonly brier: number;
  readonly error: number;
}

export interface Report {
  readonly used: Calibration;
  /** What the first half gives today. */
  readonly fit: Calibration;
  readonly fitted: Half;
  /** Faults that the fit knows nothing of. */
  readonly checked: Half;
  readonly byPerturbation: readonly { readonly name: string; readonly n: number; readonly hits: number }[];
}

const identity: Calibration = { intercept: 0, slope: 1 };

/** Every second fault of the catalogue by name is fitted on; the others check. */
export async function calibrationReport(): Promise<Report> {
  const [raw, said] = [await collect(identity), await collect(fitted)];
  const names = faults.map(({ name }) => name).toSorted();
  const first = new Set(names.filter((_, index) => index % 2 === 0));
  const isKnown = ({ fault }: Named): boolean => first.has(fault);
  const isNew = (one: Named): boolean => !isKnown(one);
  const byPerturbation = [...Map.groupBy(said, ({ perturbation }) => perturbation)];
  return {
    used: fitted,
    fit: fit(raw.filter(isKnown)),
    fitted: halfOf(raw.filter(isKnown), said.filter(isKnown)),
    checked: halfOf(raw.filter(isNew), said.filter(isNew)),
    byPerturbation: byPerturbation.map(([name, some]) => ({ name, n: some.length, hits: hitsIn(some) })),
  };
}

function halfOf(raw: readonly Named[], said: readonly Named[]): Half {
  return {
    faults: new Set(said.map(({ fault }) => fault)).size,
    n: said.length,
    hits: hitsIn(said),
    raw: { brier: brier(raw), error: calibrationError(raw) },
    calibrated: { brier: brier(said), error: calibrationError(said) },
    bins: binsOf(said),
  };
}

function hitsIn(named: readonly Named[]): number {
  return named.filter(({ isTrue }) => isTrue).length;
}

/** As docs/calibration.md has it. */
export function rowsOf({ fitted: known, checked, byPerturbation }: Report): readonly string[] {
  return [
    ...[known, checked].map(
      ({ faults: some, n, hits, raw, calibrated: said }) =>
        `| ${some} | ${n} | ${hits} | ${fixed(raw.brier)} | ${fixed(said.brier)} | ${fixed(raw.error)} | ${fixed(said.error)} |`,
    ),
    ...checked.bins.filter(({ n }) => n > 0).map(rowOf),
    ...byPerturbation.map(({ name, n, hits }) => `| ${name} | ${n} | ${hits} |`),
  ];
}

function rowOf({ from, to, n, hits, meanConfidence, hitRate }: Bin): string {
  const rate = hitRate === undefined ? 'too few to tell' : hitRate.toFixed(2);
  return `| ${from.toFixed(1)} to ${to.toFixed(1)} | ${n} | ${hits} | ${meanConfidence.toFixed(2)} | ${rate} |`;
}

function fixed(value: number): string {
  return value.toFixed(3);
}

/** Of a ranking of which only the first place is judged: how sure, and how often right. */
export function rankingScore(said: readonly { readonly confidence: number; readonly isTrue: boolean }[]) {
  const hits = said.filter(({ isTrue }) => isTrue).length;
  return { n: said.length, hits, meanConfidence: mean(said.map(({ confidence }) => confidence)), brier: brier(said) };
}
