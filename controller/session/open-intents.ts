import type { Intent } from '../api/kinds.ts';
import { takeBackAll } from './acting/take-back-all.ts';
import type { Dependencies } from './dependencies.ts';
import { handlers } from './phases/handlers.ts';
import type { Snapshot } from './snapshot.ts';
import { hasEnded, stall, wait, type Status, type Transition } from './transition.ts';

/** Lets a session go although an outside write of it may or may not have happened. */
export const abandonAnnotation = 'threehops.dev/abandon-intents';

export function openIntents(status: Status): readonly Intent[] {
  return (status.intents ?? []).filter((intent) => intent.state === 'Pending' || intent.state === 'OutcomeUnknown');
}

/**
 * Before a session is let go: what it may be writing outside is told first (found is recorded, proven absent is dropped, what cannot be
 * told holds it, unless a person lets it go by annotation). Undefined when nothing is open any more.
 */
export async function tellOpenIntents(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  const { session, status } = snapshot;
  const open = openIntents(status);
  if (open.length === 0) return undefined;
  if (session.metadata.annotations?.[abandonAnnotation] === 'true') {
    const message = `${open.length} outside writes may or may not have happened; the session was let go by annotation`;
    deps.announce(session, { type: 'Warning', reason: 'IntentsAbandoned', message });
    return undefined;
  }
  const phase = status.phase ?? 'Pending';
  if (hasEnded(phase))
    return stall('OutcomeUnknown', `${open.length} outside writes are not told; annotate ${abandonAnnotation}=true`);
  if (open.every(({ kind }) => kind === 'Rollback')) {
    const taken = await takeBackAll(snapshot, deps, 'cancelled', signal);
    return taken.done ? undefined : taken.transition;
  }
  // The phase knows how to look for its intents; now that the session ends it may look and record, but not act or go on.
  const next = await handlers[phase](snapshot, deps, signal);
  return next.kind === 'Advance' ? wait('Ending', 'The session is ending', 2000) : next;
}
