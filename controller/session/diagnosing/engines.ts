import type { Desk } from '../../reasoning/desk.ts';
import type { Reasoner } from '../../reasoning/reasoner.ts';

/** Who can reason. An engine that asks a model works at a desk of the session's own. */
export interface Engines {
  readonly causal: Reasoner;
  /** Absent where the operator has no model to ask. */
  readonly claude?: (desk: Desk) => Reasoner;
}
