import type { DebugSession } from '../api/kinds.ts';
import type { Reader } from '../kube/store.ts';

/** The index of sessions by the map that they work on. */
export const byTopology = 'topology';

/** `<namespace>/<name>` of a session's map. */
export function topologyOf({ metadata, spec }: DebugSession): string {
  return `${metadata.namespace}/${spec.topologyRef.name}`;
}

/** The sessions of a map, `<namespace>/<name>`, from a cache with that index. */
export function sessionsOf(topology: string, store: Reader<DebugSession>): readonly DebugSession[] {
  return store.byIndex(byTopology, topology);
}
