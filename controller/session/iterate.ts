import type { Dependencies } from './dependencies.ts';
import { amended } from './history.ts';
import { iterationLimit, type ConfiguredLimits } from './limits.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { advance, type Announcement, type StatusPatch, type Transition } from './transition.ts';
import type { Iteration } from '../api/kinds.ts';
import { told } from './told.ts';

export interface IterationEnd {
  /** What goes into the history: `fail - ...`. */
  readonly result: string;
  readonly standing: NonNullable<Iteration['standing']>;
  /** The symptom's signal improved. */
  readonly progressed: boolean;
}

/** An absolute bound of iterations, beside that of iterations without progress. */
const absoluteFactor = 3;

/**
 * From when the world counts for the next sweep. After an infra act that was taken back the world is what it was before, so what was
 * seen before still holds; after one that helped only what came since the fault had ebbed away does, after any other what came after it.
 */
function lookFrom({ status }: Snapshot, ended: IterationEnd): string | undefined {
  const restored = ended.standing === 'RolledBack' && status.plan?.class === 'Infra';
  if (restored) return status.actedAt;
  const ebbed = ended.standing === 'Kept' ? status.verification?.startedAt : undefined;
  return ebbed ?? status.acting?.endedAt ?? status.actedAt;
}

/** The bounds with what people have granted on top. */
function boundsOf({ status, session, topology }: Snapshot, limits: ConfiguredLimits) {
  const { grantedIterations: granted = 0 } = status;
  const stalled = topology.spec.policy?.maxIterations ?? 5;
  return { limit: stalled + granted, absolute: iterationLimit(session, limits, stalled * absoluteFactor) + granted };
}

/**
 * Closes an iteration that did not fix it and begins the next one, or escalates when the limits are reached.
 * Source: design section 1; the limit counts iterations without progress, an absolute one counts all.
 */
export function nextIteration(snapshot: Snapshot, deps: Pick<Dependencies, 'limits'>, ended: IterationEnd): Transition {
  const { status } = snapshot;
  const iteration = iterationOf(snapshot);
  const { stalledIterations = 0 } = status;
  const stalled = isProgress(snapshot, ended) ? 0 : stalledIterations + 1;
  const { standing } = ended;
  const closed = amended(status.history, iteration, { result: told(ended.result), standing });
  const history = sameStanding(closed, status.plan?.contentDigest, standing);
  const patch: StatusPatch = {
    history,
    failedFixes: status.failedFixes,
    stalledIterations: stalled,
    plan: undefined,
    approvalRef: undefined,
    acting: undefined,
    actedAt: lookFrom(snapshot, ended),
    verification: undefined,
    reportDigest: undefined,
  };
  const announce: Announcement = { type: 'Warning', reason: 'IterationFailed', message: told(ended.result) };
  const { limit, absolute } = boundsOf(snapshot, deps.limits);
  if (stalled >= limit || iteration >= absolute) {
    const message = told(`${iteration} iterations, ${stalled} in a row without progress: ${ended.result}`);
    return advance('Escalated', patch, { type: 'Warning', reason: 'IterationLimit', message });
  }
  return advance('Sweeping', { ...patch, iteration: iteration + 1 }, announce);
}

/** The symptom's signal improved, or another root cause came to light than those before. A fix that is only verified again is no progress. */
function isProgress({ status }: Snapshot, { progressed }: IterationEnd): boolean {
  const [record, ...earlier] = (status.history ?? []).toReversed();
  if (record?.iteration !== (status.iteration ?? 1) || record.signature === undefined) return false;
  const isAnother = earlier.length > 0 && earlier.every(({ rootCause }) => rootCause !== record.rootCause);
  return progressed || isAnother;
}

/** A plan that was verified in several iterations stands in all of them as it stands now. */
function sameStanding(
  history: Iteration[],
  plan: string | undefined,
  standing: NonNullable<Iteration['standing']>,
): Iteration[] {
  if (plan === undefined) return history;
  return history.map((entry) => (entry.plan === plan ? { ...entry, standing } : entry));
}
