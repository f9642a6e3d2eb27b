import { byConfidence, causesOf, tellingOf, type NamedCause } from './causes.ts';
import type { Examination } from './examine.ts';
import type { RankedUnit } from './explain.ts';
import type { Candidate, Hypothesis } from './hypotheses.ts';
import type { Limits } from './reasoner.ts';
import { worstOf } from './narrate.ts';
import { rivalsOf } from './rivals.ts';

export interface Conclusion {
  readonly cause: NamedCause;
  readonly candidate?: Candidate;
  readonly alternatives: readonly NamedCause[];
  /** A unit that nobody could look at and for whose sake no fix is chosen. */
  readonly doubt?: string;
}

/**
 * Another suspect is acted on in the place of the likeliest only where it is about as likely; less so where nothing is left to
 * try or known for the likeliest than where its fix is known and not allowed here.
 */
const competitive = { forbidden: 0.5, exhausted: 0.25 };
/**
 * A lesser fix is worth trying where it is about as promising as the best one that was not tried. Where another fix of the same cause has
 * failed, and so the cause lost in belief, the next best one may be what it takes: it counts by what it was worth before.
 */
const promising = { share: 0.4, least: 0.1, leastWorth: 0.25 };

/**
 * Which cause to name and which fix to try: the likeliest suspect's best fix that is allowed and untried; where it has none
 * left, that of a suspect about as likely. Undefined where nothing is suspect.
 */
export function conclude(examination: Examination, limits: Limits): Conclusion | undefined {
  const causes = examination.suspects.flatMap((suspect) => causesOf(suspect, examination)).toSorted(byConfidence);
  const top = examination.suspects[0];
  if (top === undefined) return undefined;
  const least = competitive[openFixes(top, examination).length > 0 ? 'forbidden' : 'exhausted'] * top.share;
  const close = examination.suspects.filter(({ share }) => share >= least);
  for (const suspect of close) {
    const chosen = fixOf(suspect, examination, limits);
    const cause = causes.find((one) => one.suspect === suspect && one.hypothesis === chosen?.hypothesis);
    if (chosen !== undefined && cause !== undefined) {
      return { cause, candidate: chosen.candidate, alternatives: causes.filter((one) => one !== cause) };
    }
  }
  const cause = causes.find((one) => one.suspect === top);
  if (cause === undefined) return undefined;
  const doubt = doubtOf(top, examination);
  return { cause, alternatives: causes.filter((one) => one !== cause), ...(doubt === undefined ? {} : { doubt }) };
}

/** Something is ill, all that may be the cause in its place was looked at, and neither has its cause a name nor is anything left to try. */
export function isAtALoss(examination: Examination): boolean {
  const [top] = examination.suspects;
  if (top === undefined || examination.vague || doubtOf(top, examination) !== undefined) return false;
  const isNamed = (examination.hypotheses.get(top.unit)?.helpless.length ?? 0) > 0;
  const rivals = rivalsOf(top.unit, worstOf(top.unit, examination), examination);
  const isHidden = rivals.length + examination.unseenSuspects.length > 0;
  return !isNamed && !isHidden && openFixes(top, examination).length === 0;
}

interface Chosen {
  readonly hypothesis: Hypothesis;
  readonly candidate: Candidate;
}

function fixOf(suspect: RankedUnit, examination: Examination, limits: Limits): Chosen | undefined {
  if (examination.vague || doubtOf(suspect, examination) !== undefined) return undefined;
  return openFixes(suspect, examination).find(({ candidate: { fix } }) => limits.allowed(fix.action, fix.node));
}

/** What is used and nobody could look at, where more speaks for it than for any known cause: a fix would work around it at best. */
function doubtOf({ unit }: RankedUnit, examination: Examination): string | undefined {
  const best = examination.hypotheses.get(unit)?.all[0];
  if (best === undefined) return undefined;
  const rival = rivalsOf(unit, tellingOf(best), examination).find((one) => one.unit !== unit);
  return rival !== undefined && rival.belief > best.belief ? rival.unit : undefined;
}

/** What was not tried and is promising, allowed or not, the best first. */
function openFixes({ unit }: RankedUnit, { hypotheses }: Examination): readonly Chosen[] {
  const open = (hypotheses.get(unit)?.all ?? [])
    .flatMap((hypothesis) => hypothesis.candidates.map((candidate) => ({ hypothesis, candidate })))
    .filter(({ candidate }) => !candidate.spent)
    .toSorted((a, b) => b.candidate.promise - a.candidate.promise);
  const best = Math.max(0, ...open.map(({ candidate }) => candidate.belief));
  const isEnough = ({ belief, worth }: Candidate): boolean =>
    belief >= promising.least || worth >= promising.leastWorth;
  return open.filter(({ candidate }) => candidate.belief >= promising.share * best && isEnough(candidate));
}
