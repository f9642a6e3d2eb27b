import type { EvidenceBundle } from '../../evidence/bundle.ts';
import { limitsBy, type Answered } from '../../reasoning/question.ts';
import type { Diagnosis, Limits, Memory } from '../../reasoning/reasoner.ts';

/** One question to be put to the reasoner again. */
export interface Asked {
  readonly bundle: EvidenceBundle;
  readonly memory: Memory;
  readonly limits: Limits;
  /** The operator's own where it was kept with the diagnosis. */
  readonly predictionSeconds?: number;
  /** What was answered then. */
  readonly kept?: Diagnosis;
  /** Nobody knows what was allowed: everything is. */
  readonly unlimited: boolean;
}

/** As far as it was kept: without a memory nothing was tried yet, and without limits everything is allowed everywhere. */
export function askedOf(
  { bundle, memory, allowed, diagnosis }: Partial<Answered> & Pick<Answered, 'bundle'>,
  predictionSeconds?: number,
): Asked {
  return {
    bundle,
    memory: memory ?? { failed: [], kept: [], history: [] },
    limits: allowed === undefined ? { allowed: () => true } : limitsBy(allowed),
    unlimited: allowed === undefined,
    ...(predictionSeconds === undefined ? {} : { predictionSeconds }),
    ...(diagnosis === undefined ? {} : { kept: diagnosis }),
  };
}
