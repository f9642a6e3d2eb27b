import type { DebugSession } from '../api/kinds.ts';
import type { Parts } from './parts.ts';

/** Pieces of long work (probes, pipelines, model calls) at once, over all sessions. */
export const runnerConcurrency = 64;

/** The index of sessions by their UID, under which the runner knows them. */
export const byUid = 'uid';

export function uidOf(session: DebugSession): readonly string[] {
  return [session.metadata.uid];
}

/** A session's work has ended: it is to be looked at again. One that is gone meanwhile is not. */
export function enqueueSession({ sessions, queue }: Pick<Parts, 'sessions' | 'queue'>, uid: string): void {
  for (const { metadata } of sessions.store.byIndex(byUid, uid)) {
    queue.add({ namespace: metadata.namespace, name: metadata.name });
  }
}
