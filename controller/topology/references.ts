import type { ServiceTopology, TopologyNode } from '../api/kinds.ts';
import type { Gap } from '../evidence/finding.ts';
import { keyOf, type TopologyKey, type TopologySource } from './resolved.ts';

/** References are followed this far from the session's own map. */
export const MAX_HOPS = 5;

/** All entries of a map with the role that its list gives them. */
export function entriesOf(
  topology: ServiceTopology,
): readonly (readonly ['Self' | 'Upstream' | 'Downstream', TopologyNode])[] {
  const { self = [], upstream = [], downstream = [] } = topology.spec;
  return [
    ...self.map((node) => ['Self', node] as const),
    ...upstream.map((node) => ['Upstream', node] as const),
    ...downstream.map((node) => ['Downstream', node] as const),
  ];
}

/** Does `owner` let maps of `namespace` refer to it? Always within a namespace. */
export function sharesWith(owner: ServiceTopology, namespace: string): boolean {
  if (owner.metadata.namespace === namespace) return true;
  return (owner.spec.sharedWith ?? []).some((share) => share.namespace === namespace);
}

/** May sessions of `namespace` act on what `owner` owns? */
export function letsAct(owner: ServiceTopology, namespace: string): boolean {
  if (owner.metadata.namespace === namespace) return true;
  return (owner.spec.sharedWith ?? []).some((share) => share.namespace === namespace && share.access === 'Act');
}

export interface Reference {
  readonly namespace: string;
  readonly name: string;
}

export function referenceOf(topology: ServiceTopology, node: TopologyNode): Reference | undefined {
  if (node.topologyRef === undefined) return undefined;
  return { namespace: node.topologyRef.namespace ?? topology.metadata.namespace, name: node.topologyRef.name };
}

/** The maps joined by references both ways, breadth first from `root`; each once, so that cycles end. */
export function collectTopologies(
  root: ServiceTopology,
  source: TopologySource,
): { readonly topologies: Map<TopologyKey, ServiceTopology>; readonly gaps: Gap[] } {
  const topologies = new Map([[keyOf(root), root]]);
  const gaps: Gap[] = [];
  const home = root.metadata.namespace;
  let ring = [root];
  for (let hop = 0; ring.length > 0; hop += 1) {
    const next = new Map<TopologyKey, ServiceTopology>();
    for (const found of ring.flatMap((topology) => neighbours(topology, home, source, gaps))) {
      if (!topologies.has(keyOf(found))) next.set(keyOf(found), found);
    }
    if (hop === MAX_HOPS) {
      if (next.size > 0) gaps.push(cut(root, [...next.keys()]));
      break;
    }
    for (const [key, topology] of next) topologies.set(key, topology);
    ring = [...next.values()];
  }
  return { topologies, gaps };
}

function cut(root: ServiceTopology, left: readonly string[]): Gap {
  return {
    node: root.spec.service,
    what: `maps more than ${MAX_HOPS} hops away`,
    reason: `not followed: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ', ...' : ''}`,
  };
}

function neighbours(
  topology: ServiceTopology,
  home: string,
  source: TopologySource,
  gaps: Gap[],
): readonly ServiceTopology[] {
  const found: ServiceTopology[] = [];
  for (const [, node] of entriesOf(topology)) {
    const reference = referenceOf(topology, node);
    if (reference === undefined) continue;
    const target = source.get(reference.namespace, reference.name);
    const problem = refusal(target, reference, topology.metadata.namespace, home);
    if (target !== undefined && problem === undefined) found.push(target);
    else gaps.push({ node: `${topology.spec.service}/${node.name}`, what: 'the map behind it', reason: problem ?? '' });
  }
  const { namespace, name } = topology.metadata;
  // One that may not refer here is not let in by doing it all the same: its nodes would be seen, and acted on, in sessions of ours.
  const mayRefer = (referrer: ServiceTopology): boolean => sharesWith(topology, referrer.metadata.namespace);
  const referrers = source.referrers(namespace, name).filter((one) => sharesWith(one, home) && mayRefer(one));
  return [...found, ...referrers];
}

/** Why a reference cannot be followed from a map of the namespace `from`, for a session of `home`. A map that is not shared is answered like one that is not there. */
export function refusal(
  target: ServiceTopology | undefined,
  reference: Reference,
  from: string,
  home: string,
): string | undefined {
  if (target !== undefined && sharesWith(target, from) && sharesWith(target, home)) return undefined;
  return `ServiceTopology ${reference.namespace}/${reference.name} does not exist or is not shared with namespace ${home}`;
}
