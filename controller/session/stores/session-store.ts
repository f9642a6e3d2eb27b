import { debugSessionResource } from '../../api/generated/debug-session.ts';
import type { DebugSession } from '../../api/kinds.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { OwnWrites } from '../../kube/consistency.ts';
import { addFinalizer, removeFinalizer } from '../../kube/finalizers.ts';
import type { Informer } from '../../kube/informer.ts';
import { requestFor } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import type { Indexer } from '../../kube/store.ts';
import { byTopology, sessionsOf, topologyOf } from '../../topology/sessions-of.ts';
import { noteAlerts } from '../alerts/note-alerts.ts';
import type { SessionStore } from '../dependencies.ts';
import { hasEnded } from '../transition.ts';

/** Holds a session that is deleted until its pending outside writes are told. */
export const finalizer = 'threehops.dev/intents';

export const debugSessions: Resource<DebugSession> = debugSessionResource;

const byUid = 'uid';
const endedIn = 'endedIn';

/** What the cache of sessions must be indexed by. */
export const sessionIndexers: Readonly<Record<string, Indexer<DebugSession>>> = {
  [byUid]: ({ metadata }) => [metadata.uid],
  [byTopology]: (session) => [topologyOf(session)],
  [endedIn]: ({ metadata, status }) => (hasEnded(status?.phase) ? [metadata.namespace] : []),
};

type Sessions = Pick<Informer<DebugSession>, 'store'>;

/** The session of that UID, if it is still there. */
export function sessionOf(uid: string, { store }: Sessions): DebugSession | undefined {
  return store.byIndex(byUid, uid)[0];
}

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
    async hold(session, signal) {
      const held = await addFinalizer(sessions, session, finalizer, signal);
      ownWrites.wrote(requestFor(held), informer, held);
      return held;
    },
    async letGo(session, signal) {
      await removeFinalizer(sessions, session, finalizer, signal);
    },
    others: (session) =>
      sessionsOf(topologyOf(session), informer.store).filter((other) => other.metadata.uid !== session.metadata.uid),
    on: (topology) => sessionsOf(topology, informer.store),
    latest(session) {
      const cached = informer.store.get(requestFor(session));
      return cached?.metadata.uid === session.metadata.uid ? cached : session;
    },
    note: (session, alerts, signal) => noteAlerts(sessions, session, alerts, signal),
    ended: (namespace) => informer.store.byIndex(endedIn, namespace),
  };
}
