import type { BlindSpots } from './blind-spots.ts';
import { calibrated, type Calibration } from './calibration.ts';
import type { NamedCause } from './causes.ts';
import type { Conclusion } from './conclude.ts';
import type { Examination } from './examine.ts';

/** How surely each cause is named, in [0, 1]; all together at most 1. */
export interface Confidence {
  readonly cause: number;
  /** In the order of the conclusion's. */
  readonly alternatives: readonly number[];
}

/**
 * The first cause's is calibrated, which holds where the symptom and all that may be the cause in its place were looked at; what it
 * leaves is the alternatives', in the proportions that they had.
 */
export function confidenceIn(
  { cause, alternatives }: Conclusion,
  examination: Examination,
  blind: BlindSpots,
  calibration: Calibration,
): Confidence {
  const raw = (one: NamedCause): number => one.confidence * shareOfSight(blind);
  const unseen = (one: NamedCause): number => one.sight * shareOfSymptom(one, examination);
  const first = calibrated(raw(cause), calibration);
  const left = (1 - first) / (1 - raw(cause));
  return {
    cause: rounded(first * unseen(cause)),
    alternatives: alternatives.map((one) => rounded(raw(one) * left * unseen(one))),
  };
}

function shareOfSight({ unseen, gaps }: BlindSpots): number {
  return 1 - Math.min(0.3, 0.05 * unseen.length + 0.01 * gaps.length);
}

/** A symptom that nobody sees any more makes any cause of it doubtful, and one that breaks nothing the more. */
const symptomUnseen = 0.6;
const vagueCause = 0.3;
/** One that shows nothing itself, and was changed right before. */
const supposedCause = 0.7;

function shareOfSymptom({ suspect }: NamedCause, { standings, start, vague, harmed }: Examination): number {
  if (vague) return vagueCause;
  if (harmed.has(suspect.unit)) return supposedCause;
  return (standings.get(start)?.strength ?? 0) > 0 || suspect.unit === start ? 1 : symptomUnseen;
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
