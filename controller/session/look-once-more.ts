import type { Diagnosis } from '../reasoning/reasoner.ts';
import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';
import { advance, pause, record, type StatusPatch, type Transition } from './transition.ts';

/** As likely as this, what is named needs no second look, though there is nothing to do about it. */
const sureEnough = 0.9;

/** Nobody is kept waiting for longer. */
const longestSeconds = 60;

/**
 * Before anything was tried nobody gives up after one look: figures lag, and what comes and goes is not there each time. So where there is
 * nothing to act on all is looked at again, once, when a fault as old as the session would show; what was made of the first look is told
 * meanwhile. Undefined where that was done, and where a cause is all that was asked for.
 */
export function lookOnceMore(
  snapshot: Snapshot,
  { clock }: Pick<Dependencies, 'clock'>,
  { verdict, fix, rootCause }: Diagnosis,
  patch: Pick<StatusPatch, 'diagnosis'>,
): Transition | undefined {
  const due = dueAt(snapshot);
  const isAnswer = verdict === 'Cause' && snapshot.session.spec.mode === 'Diagnose';
  const isSure = fix !== undefined || (rootCause?.confidence ?? 0) >= sureEnough;
  if (due === undefined || isAnswer || isSure) return undefined;
  const isTold = snapshot.status.diagnosis?.contentDigest === patch.diagnosis?.contentDigest;
  if (!isTold) return record(patch);
  const left = due - clock.now().getTime();
  const message = 'Nothing to act on is seen yet: all is looked at once more before anybody is asked';
  if (left > 0) return pause('LookingAgain', message, left);
  return advance('Sweeping', {}, { type: 'Normal', reason: 'LookingAgain', message });
}

/** In milliseconds since the epoch; undefined where what was seen is of then already, or something was tried. */
function dueAt({ status: { startedAt, sweep, history = [] }, topology }: Snapshot): number | undefined {
  if (history.length > 0 || startedAt === undefined || sweep?.startedAt === undefined) return undefined;
  const seconds = Math.min(longestSeconds, topology.spec.verify?.stabilizationSeconds ?? longestSeconds);
  const due = Date.parse(startedAt) + seconds * 1000;
  return Date.parse(sweep.startedAt) < due ? due : undefined;
}
