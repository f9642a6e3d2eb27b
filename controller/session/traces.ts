import { TooManyBranches } from '../../skills/lib/github/branches.ts';
import { trailerOf } from '../../skills/lib/github/commits.ts';
import type { DebugSession } from '../api/kinds.ts';
import type { Dependencies, Where } from './dependencies.ts';
import { heldSince, restoredObject } from './restored.ts';
import { stepOf, type Snapshot } from './snapshot.ts';
import { runStep } from './step.ts';
import { stall, wait, type Transition } from './transition.ts';
import { branchOf, sessionTrailer, uidTrailer } from './working-tree.ts';

/** Lets a session act although another one of the same name has left a branch. */
export const acceptAnnotation = 'threehops.dev/accept-traces';

const recheckMs = 30_000;
/** Looking through so many branches costs so many calls. */
const manyMs = 1_800_000;

/**
 * Holds a session before its first write outside while there is a branch of another one that had its name: it was restored without its
 * status, or made again, and does not know what was done before it. Undefined when it may write; after the first write it always may.
 */
export function heldByTraces(snapshot: Snapshot, deps: Dependencies, where: Where | undefined): Transition | undefined {
  const { session, status, uid } = snapshot;
  const begun = (status.intents ?? []).length > 0;
  if (where === undefined || begun || session.metadata.annotations?.[acceptAnnotation] === 'true') return undefined;
  const looking = 'Looking for a branch of another session of this name';
  const step = runStep(snapshot, deps, 'traces', looking, (signal) =>
    traceOf(session, deps, where, signal).catch(unlessTooMany),
  );
  // Held already, it says why until it is known that the branch is gone.
  if (!step.done) return heldSince(status) === undefined ? step.transition : wait(restoredObject, looking);
  if (step.value === undefined) return undefined;
  const afterMs = step.value instanceof TooManyBranches ? manyMs : recheckMs;
  deps.runner.forgetAfter(uid, stepOf(snapshot, 'traces'), afterMs, deps.clock);
  return stall(restoredObject, messageOf(where, step.value), afterMs);
}

/** No failure that passes: it is what there is to say. */
function unlessTooMany(error: unknown): TooManyBranches {
  if (error instanceof TooManyBranches) return error;
  throw error;
}

interface Trace {
  readonly branch: string;
  /** Of the session that made it. */
  readonly uid: string;
}

/** Named as the session's own branch but for the UID, with a commit of the session that had that UID. */
async function traceOf(
  session: DebugSession,
  deps: Dependencies,
  where: Where,
  signal: AbortSignal,
): Promise<Trace | undefined> {
  const own = branchOf({ session });
  for (const branch of await deps.source.branches(where, signal)) {
    const digits = digitsOf(branch, own);
    if (branch === own || digits === undefined) continue;
    const uid = uidIn(await deps.source.messages(where, branch, signal), session, digits);
    if (uid !== undefined) return { branch, uid };
  }
  return undefined;
}

/** The digits of the UID in the name of a branch that differs from the session's own in nothing else. */
function digitsOf(branch: string, own: string): string | undefined {
  const stem = own.slice(0, -8);
  const digits = branch.slice(stem.length);
  return branch.startsWith(stem) && /^[0-9a-f]{8}$/.test(digits) ? digits : undefined;
}

/** The branch may have been made from where commits of sessions were merged: only one of the very session that it is named for counts. */
function uidIn(messages: readonly string[], { metadata }: DebugSession, digits: string): string | undefined {
  const key = `${metadata.namespace}/${metadata.name}`;
  return messages
    .filter((message) => trailerOf(message, sessionTrailer) === key)
    .map((message) => trailerOf(message, uidTrailer))
    .find((uid) => uid?.startsWith(digits));
}

function messageOf({ repository }: Where, found: Trace | TooManyBranches): string {
  if (found instanceof TooManyBranches)
    return `it cannot be told whether another session of this name has left a branch: ${found.message}. Look, and annotate this session with ${acceptAnnotation}=true where none has, or where its branch is to stay`;
  const { branch, uid } = found;
  return `${repository} has the branch ${branch} of another session of this name, with the UID ${uid}: this one was restored from a backup, or made again under the same name, and does not know what was done before it. Nothing is written outside until that branch is deleted. Where it is to stay, annotate this session with ${acceptAnnotation}=true, or delete this session and make one under another name`;
}
