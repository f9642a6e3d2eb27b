import type { DebugSession } from '../api/kinds.ts';
import type { Dependencies } from './dependencies.ts';
import { handlers } from './phases/handlers.ts';
import type { Snapshot } from './snapshot.ts';
import { hasEnded, stall, wait, type Transition } from './transition.ts';

/** Lets a deleted session go although an outside write of it may or may not have happened. */
export const abandonAnnotation = 'threehops.dev/abandon-intents';

/**
 * A deleted session: what it may be writing outside is told first (found is recorded, proven absent is dropped, what cannot be told
 * holds it), then its locks and our finalizer go. Undefined when it is free to go.
 */
export async function deleting(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  const { session, status } = snapshot;
  const open = (status.intents ?? []).filter(
    (intent) => intent.state === 'Pending' || intent.state === 'OutcomeUnknown',
  );
  const abandoned = session.metadata.annotations?.[abandonAnnotation] === 'true';
  if (open.length === 0 || abandoned) {
    if (open.length > 0) announceAbandoned(session, deps, open.length);
    await deps.locks.release(session, status.locks ?? [], signal);
    return undefined;
  }
  const phase = status.phase ?? 'Pending';
  if (hasEnded(phase))
    return stall('OutcomeUnknown', `${open.length} outside writes are not told; annotate ${abandonAnnotation}=true`);
  // The phase knows how to look for its intents; with the session being deleted it may look and record, but not act or go on.
  const next = await handlers[phase](snapshot, deps, signal);
  return next.kind === 'Advance' ? wait('Deleting', 'The session is being deleted', 2000) : next;
}

function announceAbandoned(session: DebugSession, deps: Dependencies, count: number): void {
  const message = `${count} outside writes may or may not have happened; the session was let go by annotation`;
  deps.announce(session, { type: 'Warning', reason: 'IntentsAbandoned', message });
}
