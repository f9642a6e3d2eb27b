import { digestOf } from '../evidence/canonical.ts';
import { blindSpotsOf, type BlindSpots } from './blind-spots.ts';
import type { Calibration } from './calibration.ts';
import type { NamedCause } from './causes.ts';
import { conclude, type Conclusion } from './conclude.ts';
import { confidenceIn } from './confidence.ts';
import type { Examination } from './examine.ts';
import { claimsFor, others, unitsOnWay } from './narrate.ts';
import { type Horizon, predictionsFor } from './predictions.ts';
import type { Cause, Diagnosis, Limits } from './reasoner.ts';

export interface Manner {
  readonly engine: string;
  readonly horizon: Horizon;
  readonly calibration: Calibration;
}

/** Puts the diagnosis of an examined bundle together. */
export function diagnosisOf(examination: Examination, limits: Limits, manner: Manner): Diagnosis {
  const { engine, horizon, calibration } = manner;
  const conclusion = conclude(examination, limits);
  const blind = blindSpotsOf(examination);
  const base = { engine, bundleDigest: digestOf(examination.bundle), gaps: blind.gaps };
  if (conclusion === undefined) return { ...base, ...nothingFound(examination, blind) };
  const { cause, candidate, alternatives } = conclusion;
  const chain = chainOf(cause, examination);
  const confidence = confidenceIn(conclusion, examination, blind, calibration);
  return {
    ...base,
    gaps: [...doubts(conclusion, examination), ...blind.gaps],
    verdict: 'Cause',
    rootCause: named(cause, confidence.cause),
    chain,
    claims: claimsFor(cause, chain, examination),
    ...(candidate === undefined ? {} : { fix: candidate.fix }),
    predictions: predictionsFor(cause, chain, examination, horizon),
    alternatives: alternatives.slice(0, 10).map((one, at) => named(one, confidence.alternatives[at] ?? 0)),
  };
}

/** What a person must know of a cause that was only supposed. */
export const supposedWords =
  'it shows nothing itself, and is blamed for what was changed in it right before others came to harm';

/** Why a fix that is known is not proposed, or what one that is rests on. */
function doubts({ cause, doubt }: Conclusion, { vague, start, harmed }: Examination): readonly string[] {
  const { unit } = cause.suspect;
  if (harmed.has(unit)) return [`${unit}: ${supposedWords}`];
  if (vague) return [`${start}: nothing is seen of the symptom here, so no fix is proposed for what may explain it`];
  if (doubt === undefined) return [];
  return [`${doubt}: looked at, it might explain what ${cause.node} shows: until then no fix is proposed there`];
}

type Nothing = Pick<Diagnosis, 'verdict' | 'chain' | 'claims' | 'predictions' | 'alternatives'>;

function nothingFound(examination: Examination, { unseen }: BlindSpots): Nothing {
  return {
    verdict: unseen.length > 0 ? 'Inconclusive' : 'NoFault',
    chain: [],
    claims: others(examination).filter(({ findings }) => findings.length > 0),
    predictions: [],
    alternatives: [],
  };
}

function named({ node, kind, decisive }: NamedCause, confidence: number): Cause {
  return { node, kind, summary: decisive[0]?.summary ?? kind, confidence };
}

/** From the cause's node over the units between to where the symptom shows. */
function chainOf(cause: NamedCause, { start, bundle }: Examination): readonly string[] {
  const units = unitsOnWay(cause, start).toReversed();
  return [...new Set([cause.node, ...units, bundle.symptom.node])];
}
