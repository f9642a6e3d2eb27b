import type { Diagnosis } from '../../controller/reasoning/reasoner.ts';
import { disordered } from '../helpers/disordered.ts';
import { newNamesFor, rename, textsIn, type NewNames } from '../helpers/renaming.ts';
import { decoyNames } from '../lab/world/decoys.ts';
import { otherNames } from '../lab/world/names.ts';
import type { Question } from '../../controller/reasoning/question.ts';

export interface Disguised {
  readonly question: Question;
  readonly names: NewNames;
}

/** The same question as it would be asked in a world where everything is called otherwise, by a sweep that looked in another order. */
export function disguised({ bundle, memory, allowed }: Question, next: () => number): Disguised {
  const question = { bundle: disordered(bundle, next), memory, allowed };
  const names = newNamesFor([...textsIn(otherNames), ...decoyNames], JSON.stringify(question), next);
  return { question: rename(question, names), names };
}

/**
 * What a diagnosis comes to: all but its words, and the ids and digests that hold names in another form. (An id of a finding is made of
 * names as they are; the digest of a bundle, of all of them.)
 */
export function essenceOf({ verdict, rootCause, chain, fix }: Diagnosis): object {
  return {
    verdict,
    chain,
    cause: rootCause === undefined ? null : { node: rootCause.node, kind: rootCause.kind },
    fix: fix === undefined ? null : { action: fix.action, node: fix.node, parameters: fix.parameters },
  };
}
