import { notesOf } from '../../api/alert-notes.ts';
import type { DebugSession, ServiceTopology } from '../../api/kinds.ts';
import { takenIn } from '../../topology/neighbourhood.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { rulesOf } from './rules.ts';
import type { NotedAlert } from './write-notes.ts';

/** What a session was told, as another one may be told it. */
export function alertsOf(session: DebugSession): readonly NotedAlert[] {
  return [...notesOf(session)].map(([fingerprint, note]) => ({ fingerprint, ...note }));
}

/**
 * Sessions that alerts opened on maps around this one's and whose graph takes its map in, where both were created within the window: two
 * replicas, or two neighbourhoods that a changed map has joined, did not know of each other. In one namespace, as whoever sees the one sees the other.
 */
export function alertSessionsAround({ session, topology }: Snapshot, deps: Dependencies): readonly DebugSession[] {
  if (session.spec.trigger?.type !== 'Alert') return [];
  return [...takenIn(topology, deps.topologies)].flatMap((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const root = deps.topologies.get(namespace, name);
    if (root === undefined || namespace !== topology.metadata.namespace) return [];
    return deps.sessions.on(key).filter((other) => isOfOneTime(other, session, root));
  });
}

function isOfOneTime(other: DebugSession, session: DebugSession, root: ServiceTopology): boolean {
  if (other.spec.trigger?.type !== 'Alert' || other.metadata.uid === session.metadata.uid) return false;
  const [a, b] = [other, session].map(({ metadata }) => Date.parse(metadata.creationTimestamp));
  return Math.abs((a ?? 0) - (b ?? 0)) <= rulesOf(root).windowSeconds * 1000;
}
