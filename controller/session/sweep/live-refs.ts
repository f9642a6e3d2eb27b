import type { Plan } from '../../actions/plan.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * The graph as the session has made it: where a commit of its own was kept, that commit runs and not the base branch, so nodes whose
 * skill can read another ref (the parameter `ref`) read it.
 */
export async function withLiveRefs(
  snapshot: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<ResolvedGraph> {
  const live = await liveCommits(snapshot, deps, signal);
  if (live.size === 0) return resolved;
  return { ...resolved, targets: resolved.targets.map((target) => readAt(target, live.get(keyOf(target.topology)))) };
}

/** The last commit that was kept, by the map that it belongs to. */
async function liveCommits(
  { session, status }: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const live = new Map<string, string>();
  for (const { plan: digest, commit, standing } of status.history ?? []) {
    if (digest === undefined || commit === undefined || standing !== 'Kept') continue;
    // The digest covers the content: it is the plan that Planning stored.
    const plan = (await deps.evidence.load(session, digest, signal)) as Plan;
    live.set(plan.topology, commit);
  }
  return live;
}

function readAt(target: ProbeTarget, ref: string | undefined): ProbeTarget {
  const { properties } = target.skill.parameters as { readonly properties?: object };
  if (ref === undefined || properties === undefined || !('ref' in properties)) return target;
  return { ...target, with: { ...target.with, ref } };
}
