import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Diagnosis, Limits, Memory } from './reasoner.ts';

/** By action, the nodes that it is allowed on. */
export type Allowed = Readonly<Record<string, readonly string[]>>;

/** All that a reasoner was given. */
export interface Question {
  readonly bundle: EvidenceBundle;
  readonly memory: Memory;
  readonly allowed: Allowed;
}

/** A question and what the reasoner made of it. */
export interface Answered extends Question {
  readonly diagnosis: Diagnosis;
}

/** A diagnosis as it is kept among a session's evidence: with the bundle that it refers to, it can be made again. */
export interface KeptDiagnosis extends Omit<Answered, 'bundle'> {
  readonly formatVersion: 1;
  /** The operator's timing that the predictions come from. */
  readonly predictionSeconds: number;
}

export function limitsBy(allowed: Allowed): Limits {
  return { allowed: (action, node) => allowed[action]?.includes(node) === true };
}
