import type { ServiceTopology } from '../api/kinds.ts';
import { letsAct } from '../topology/references.ts';
import type { ResolvedGraph } from '../topology/resolved.ts';
import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';

type Asking = Pick<Snapshot, 'session'>;
type Rules = Pick<Dependencies, 'actions' | 'allowance'>;

/** Where an act on a node would be done: under which map's policy, credentials and repository. */
export interface Jurisdiction {
  readonly key: string;
  readonly topology: ServiceTopology;
}

/**
 * The map under which an action on a node is allowed, the owner's first: it names the action, lets this namespace act, and the
 * operator's own configuration lets it go there. Undefined when there is none.
 */
export function jurisdictionOf(
  snapshot: Asking,
  deps: Rules,
  resolved: ResolvedGraph,
  action: string,
  node: string,
): Jurisdiction | undefined {
  const entry = deps.actions.get(action);
  const graphNode = resolved.graph.nodes.find((candidate) => candidate.id === node);
  if (entry === undefined || graphNode === undefined) return undefined;
  for (const key of graphNode.listedBy) {
    const topology = resolved.topologies.get(key);
    if (topology === undefined || !letsAct(topology, snapshot.session.metadata.namespace)) continue;
    const named = (topology.spec.policy?.actions ?? []).includes(action);
    // A proposal does nothing outside: it needs the map's word alone.
    const proposed = snapshot.session.spec.mode !== 'Fix';
    const refusal = proposed ? undefined : deps.allowance.refusal(resolved, key, entry.action);
    const possible = deps.allowance.unavailable(topology, entry.skill) === undefined;
    if (named && possible && refusal === undefined) return { key, topology };
  }
  return undefined;
}

export function isAllowed(
  snapshot: Asking,
  deps: Rules,
  resolved: ResolvedGraph,
  action: string,
  node: string,
): boolean {
  return jurisdictionOf(snapshot, deps, resolved, action, node) !== undefined;
}

/** What keeps an action from being done at a node although the node's map names it; undefined where nothing of the kind does. */
export function whyUnavailable(deps: Rules, resolved: ResolvedGraph, action: string, node: string): string | undefined {
  const entry = deps.actions.get(action);
  const { listedBy = [] } = resolved.graph.nodes.find(({ id }) => id === node) ?? {};
  const maps = listedBy.flatMap((key) => resolved.topologies.get(key) ?? []);
  const naming = maps.filter(({ spec }) => spec.policy?.actions?.includes(action) === true);
  const reasons = naming.map((map) => (entry === undefined ? undefined : deps.allowance.unavailable(map, entry.skill)));
  return reasons.find((reason) => reason !== undefined);
}
