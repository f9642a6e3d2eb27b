import { canonicalJson } from '../../evidence/canonical.ts';
import type { Diagnosis } from '../../reasoning/reasoner.ts';
import { told } from '../told.ts';

/** What two engines say, the one to go by first. */
export interface Opinions {
  readonly first: Diagnosis;
  /** Present where it is another one. */
  readonly other?: Diagnosis;
}

/**
 * Holds two engines' diagnoses of one question side by side. Where they agree, the second one's is taken, which asked a model and says more;
 * where they differ in a fix's figures alone, the first one's, whose figures are the skills'. Where they do not agree, one that names a cause
 * and a fix goes before one that has none, and the first before the second.
 */
export function opinionsOf(one: Diagnosis, two: Diagnosis): Opinions {
  if (agree(one, two)) return { first: sameFigures(one, two) ? two : one };
  return worth(two) > worth(one) ? { first: two, other: one } : { first: one, other: two };
}

/** The same idea of a fix for the same cause; without a cause, the same verdict. How it is told does not matter. */
function agree(one: Diagnosis, two: Diagnosis): boolean {
  if (one.verdict !== two.verdict) return false;
  if (one.fix?.signature !== two.fix?.signature) return false;
  return one.rootCause?.node === two.rootCause?.node && one.rootCause?.kind === two.rootCause?.kind;
}

function sameFigures({ fix: one }: Diagnosis, { fix: two }: Diagnosis): boolean {
  return canonicalJson(one?.parameters ?? {}) === canonicalJson(two?.parameters ?? {});
}

function worth({ verdict, fix }: Diagnosis): number {
  return verdict !== 'Cause' ? 0 : fix === undefined ? 1 : 2;
}

/** In a sentence, for a person who has to choose. */
export function opinionText({ verdict, rootCause, fix }: Diagnosis): string {
  const cause = rootCause === undefined ? verdict : `${rootCause.kind} at ${rootCause.node}: ${rootCause.summary}`;
  const what = fix === undefined ? 'no fix' : `${fix.action} at ${fix.node}: ${fix.rationale}`;
  return told(`${cause}; ${what}`);
}
