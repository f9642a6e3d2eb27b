import type { DebugSession } from '../../api/kinds.ts';
import { Conflict, NotFound } from '../../kube/errors.ts';
import type { ResourceClient } from '../../kube/resource-client.ts';
import { changedNotes, type NotedAlert } from './write-notes.ts';

/** Tries at a count that others change at the same time. */
const tries = 5;

type Api = Pick<ResourceClient<DebugSession>, 'get' | 'patch'>;

/**
 * Tells a session of alerts by its annotations, without a write where it knows them. Answers the session as it is then, the given one where
 * nothing was written; undefined when it is gone. @throws ApiError.
 */
export async function noteAlerts(
  api: Api,
  session: DebugSession,
  alerts: readonly NotedAlert[],
  signal: AbortSignal,
): Promise<DebugSession | undefined> {
  const { uid, namespace, name } = session.metadata;
  const key = { namespace, name };
  let present = session;
  for (let left = tries; ; left -= 1) {
    const changes = changedNotes(present, alerts);
    if (changes === undefined) return present;
    const { resourceVersion } = present.metadata;
    // The UID keeps it from another session that has got the name meanwhile.
    const metadata = { uid, annotations: changes.annotations, ...(changes.counts ? { resourceVersion } : {}) };
    try {
      return await api.patch(key, { type: 'merge', body: { metadata } }, signal);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      if (!(error instanceof Conflict) || left <= 1) throw error;
    }
    const live = await liveOf(api, key, signal);
    if (live?.metadata.uid !== uid) return undefined;
    present = live;
  }
}

async function liveOf(api: Api, key: Parameters<Api['get']>[0], signal: AbortSignal) {
  try {
    return await api.get(key, signal);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
