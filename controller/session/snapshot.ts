import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import { resolveGraph } from '../topology/resolve.ts';
import type { ProbeTarget, ResolvedGraph } from '../topology/resolved.ts';
import type { Dependencies } from './dependencies.ts';
import type { Status, Transition } from './transition.ts';

/** What a phase decides on: the session and its map as they are now. */
export interface Snapshot {
  readonly session: DebugSession;
  readonly status: Status;
  readonly uid: string;
  readonly topology: ServiceTopology;
}

export type PhaseHandler = (snapshot: Snapshot, deps: Dependencies, signal: AbortSignal) => Promise<Transition>;

/** The graph as the maps are now. */
export function graphOf(snapshot: Snapshot, deps: Dependencies): ResolvedGraph {
  return resolveGraph(snapshot.topology, deps.topologies, deps.skills);
}

/** The iteration that runs, from 1. */
export function iterationOf(snapshot: Pick<Snapshot, 'status'>): number {
  return snapshot.status.iteration ?? 1;
}

/** A step's key in the runner: it never means the work of another iteration. */
export function stepOf(snapshot: Pick<Snapshot, 'status'>, name: string): string {
  return `${iterationOf(snapshot)}/${name}`;
}

/** The evidence bundle of the last sweep, or the one that is asked for. */
export async function loadBundle(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
  digest = snapshot.status.sweep?.bundleDigest,
): Promise<EvidenceBundle> {
  if (digest === undefined) throw new Error('the session has no evidence yet');
  // The digest covers the content and formatVersion its shape.
  return (await deps.evidence.load(snapshot.session, digest, signal)) as EvidenceBundle;
}

/** The probe target of a node; undefined when the maps no longer have it. */
export function targetOf(resolved: ResolvedGraph, node: string): ProbeTarget | undefined {
  return resolved.targets.find((target) => target.node === node);
}
