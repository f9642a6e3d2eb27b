import { sessionOf } from '../session/stores/session-store.ts';
import type { Parts } from './parts.ts';

/** Pieces of long work (probes, pipelines, model calls) at once, over all sessions. */
export const runnerConcurrency = 64;

/** A session's work has ended: it is to be looked at again. One that is gone meanwhile is not. */
export function enqueueSession({ sessions, queue }: Pick<Parts, 'sessions' | 'queue'>, uid: string): void {
  const session = sessionOf(uid, sessions);
  if (session !== undefined) queue.add({ namespace: session.metadata.namespace, name: session.metadata.name });
}
