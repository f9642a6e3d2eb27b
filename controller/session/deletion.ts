import type { DebugSession } from '../api/kinds.ts';
import type { Dependencies } from './dependencies.ts';
import { abandonAnnotation, openIntents, tellOpenIntents } from './open-intents.ts';
import { isRestored } from './restored.ts';
import type { Snapshot } from './snapshot.ts';
import { stall, type Transition } from './transition.ts';

/**
 * A deleted session: what it may be writing outside is told first, then its locks and our finalizer go. Undefined when it is free to
 * go. Without its map there is no way to look, so that open writes hold it until the map is back or a person lets it go. What a restored
 * status tells is for the session to tell that it was written for.
 */
export async function deleting(
  session: DebugSession,
  snapshot: Snapshot | undefined,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  if (isRestored(session)) return undefined;
  const held = snapshot === undefined ? withoutMap(session) : await tellOpenIntents(snapshot, deps, signal);
  if (held !== undefined) return held;
  await deps.locks.release(session, session.status?.locks ?? [], signal);
  return undefined;
}

/** Open writes of a session whose map is gone. */
export function withoutMap({ status = {}, metadata, spec }: DebugSession): Transition | undefined {
  const open = openIntents(status).length;
  if (open === 0 || metadata.annotations?.[abandonAnnotation] === 'true') return undefined;
  const map = `${metadata.namespace}/${spec.topologyRef.name}`;
  const message = `spec.topologyRef: without ServiceTopology ${map} it cannot be told whether ${open} outside writes happened; bring it back, or annotate ${abandonAnnotation}=true`;
  return stall('TopologyNotFound', message);
}
