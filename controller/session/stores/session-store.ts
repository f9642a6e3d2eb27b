import { debugSessionResource } from '../../api/generated/debug-session.ts';
import type { DebugSession } from '../../api/kinds.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { OwnWrites } from '../../kube/consistency.ts';
import type { Informer } from '../../kube/informer.ts';
import { requestFor } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import type { SessionStore } from '../dependencies.ts';

export const debugSessions: Resource<DebugSession> = debugSessionResource;

/** Sessions on the API server, with the cache for looking around. Own writes are remembered until the cache has seen them. */
export function sessionStore(client: KubeClient, informer: Informer<DebugSession>, ownWrites: OwnWrites): SessionStore {
  const sessions = client.resource(debugSessions);
  return {
    live: (namespace, name, signal) => sessions.get({ namespace, name }, signal),
    async writeStatus(session, signal) {
      const written = await sessions.replaceStatus(session, signal);
      ownWrites.wrote(requestFor(written), informer, written);
      return written;
    },
    others: (session) =>
      informer.store.list(session.metadata.namespace).filter((other) => other.metadata.uid !== session.metadata.uid),
  };
}
