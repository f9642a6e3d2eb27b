import { amended } from './history.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { advance, type Announcement, type StatusPatch, type Transition } from './transition.ts';
import type { Iteration } from '../api/kinds.ts';

export interface IterationEnd {
  /** What goes into the history: `fail - ...`. */
  readonly result: string;
  readonly standing: NonNullable<Iteration['standing']>;
  /** The symptom's signal improved, or the root cause changed. */
  readonly progressed: boolean;
}

/** An absolute bound of iterations, beside that of iterations without progress. */
const absoluteFactor = 3;

/**
 * Closes an iteration that did not fix it and begins the next one, or escalates when the limits are reached.
 * Source: design section 1; the limit counts iterations without progress, an absolute one counts all.
 */
export function nextIteration(snapshot: Snapshot, ended: IterationEnd, more: StatusPatch = {}): Transition {
  const { status, session, topology } = snapshot;
  const iteration = iterationOf(snapshot);
  const stalled = ended.progressed ? 0 : (status.stalledIterations ?? 0) + 1;
  const granted = status.grantedIterations ?? 0;
  const limit = (topology.spec.policy?.maxIterations ?? 5) + granted;
  const absolute = session.spec.limits?.iterations ?? limit * absoluteFactor;
  const history = amended(status.history, iteration, { result: ended.result.slice(0, 1000), standing: ended.standing });
  const patch: StatusPatch = {
    ...more,
    history,
    stalledIterations: stalled,
    plan: undefined,
    approvalRef: undefined,
    acting: undefined,
    actedAt: status.acting?.endedAt ?? status.actedAt,
    verification: undefined,
    reportDigest: undefined,
  };
  const announce: Announcement = { type: 'Warning', reason: 'IterationFailed', message: ended.result.slice(0, 1000) };
  if (stalled >= limit || iteration >= absolute + granted) {
    const message = `${iteration} iterations, ${stalled} in a row without progress: ${ended.result}`.slice(0, 1000);
    return advance('Escalated', patch, { type: 'Warning', reason: 'IterationLimit', message });
  }
  return advance('Sweeping', { ...patch, iteration: iteration + 1 }, announce);
}
