import type { DebugSession } from '../api/kinds.ts';
import { findCondition } from '../kube/conditions.ts';
import { hasEnded, stall, type Status, type Transition } from './transition.ts';

/** Why a session that another one of the same name came before does not act: it was restored from a backup, or made again. */
export const restoredObject = 'RestoredObject';

/** Its status was written for another session: a backup has brought it back, under a new UID. */
export function isRestored({ metadata, status }: DebugSession): boolean {
  return status?.uid !== undefined && status.uid !== metadata.uid;
}

/**
 * A session with the status of another one is held for good, whatever is asked of it: what the status tells was done by the other one,
 * which may still be at work elsewhere. Undefined where that one had ended: then nothing would be done anyway.
 */
export function asRestored({ metadata, status = {} }: DebugSession): Transition | undefined {
  if (hasEnded(status.phase)) return undefined;
  const message = `status.uid is ${status.uid} and metadata.uid is ${metadata.uid}: this session was restored from a backup, with the status of the one that it was then. Nothing is done for it any more, and nothing taken back. See in status.intents and status.pullRequest what the other one has done, then delete this session; create it again to debug anew`;
  return stall(restoredObject, message);
}

/**
 * Since when a person is waited for because of another session of the same name; undefined where none is. RFC 3339. It is known from the
 * condition alone: where another one comes in between, such as a suspension, the session does not look at the world again before it
 * acts, and the act's own guard is what holds it to the plan.
 */
export function heldSince({ conditions }: Status): string | undefined {
  const stalled = findCondition(conditions, 'Stalled');
  return stalled?.reason === restoredObject ? stalled.lastTransitionTime : undefined;
}
