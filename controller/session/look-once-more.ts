import type { Diagnosis } from '../reasoning/reasoner.ts';
import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';
import { advance, pause, type Transition } from './transition.ts';

/** As likely as this, what is named needs no second look, though there is nothing to do about it. */
const sureEnough = 0.9;

/**
 * Before anything was tried nobody gives up after one look: figures lag, and what comes and goes is not there each time. So where there is
 * nothing to act on all is looked at again, once, when a fault as old as the session would show. Undefined where that was done.
 */
export function lookOnceMore(
  snapshot: Snapshot,
  { clock }: Pick<Dependencies, 'clock'>,
  { fix, rootCause }: Diagnosis,
): Transition | undefined {
  const due = dueAt(snapshot);
  if (due === undefined || fix !== undefined || (rootCause?.confidence ?? 0) >= sureEnough) return undefined;
  const left = due - clock.now().getTime();
  const message = 'Nothing to act on is seen yet: all is looked at once more before anybody is asked';
  if (left > 0) return pause('LookingAgain', message, left);
  return advance('Sweeping', {}, { type: 'Normal', reason: 'LookingAgain', message });
}

/** In milliseconds since the epoch; undefined where what was seen is of then already, or something was tried. */
function dueAt({ status: { startedAt, sweep, history = [] }, topology }: Snapshot): number | undefined {
  if (history.length > 0 || startedAt === undefined || sweep?.startedAt === undefined) return undefined;
  const due = Date.parse(startedAt) + (topology.spec.verify?.stabilizationSeconds ?? 60) * 1000;
  return Date.parse(sweep.startedAt) < due ? due : undefined;
}
