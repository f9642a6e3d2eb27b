import type { JsonObject } from '../api/json.ts';
import type { ServiceTopology } from '../api/kinds.ts';
import type { Gap } from '../evidence/finding.ts';
import type { Graph } from '../evidence/bundle.ts';
import type { Skill } from '../../skills/skill.ts';

/** `<namespace>/<name>` of a ServiceTopology. */
export type TopologyKey = string;

export function keyOf(topology: ServiceTopology): TopologyKey {
  return `${topology.metadata.namespace}/${topology.metadata.name}`;
}

/** A node that can be probed: its skill is known and its parameters hold. */
export interface ProbeTarget {
  /** Id of the graph's node. */
  readonly node: string;
  readonly name: string;
  readonly type: string;
  readonly skill: Skill;
  /** The parameters with the skill's defaults filled in. */
  readonly with: JsonObject;
  readonly identity: string;
  /** The map whose credentials are used. */
  readonly topology: ServiceTopology;
}

/** Several maps joined into one graph, from the point of view of the first. */
export interface ResolvedGraph {
  readonly graph: Graph;
  readonly targets: readonly ProbeTarget[];
  /** By key; the root's first. */
  readonly topologies: ReadonlyMap<TopologyKey, ServiceTopology>;
  /** Id of the node of each map's own service, by the map's key. */
  readonly services: ReadonlyMap<TopologyKey, string>;
  /** Unknown skills, bad parameters, unresolved references, what was cut. */
  readonly gaps: readonly Gap[];
}

/** Where maps are found: the operator's cache. */
export interface TopologySource {
  get(namespace: string, name: string): ServiceTopology | undefined;
  /** Maps that have a node whose topologyRef names this one. */
  referrers(namespace: string, name: string): readonly ServiceTopology[];
}

/** Where skills are found: the operator's own, and those that a map's namespace declares. A problem says why one that is there cannot be used. */
export interface SkillSource {
  get(id: string, namespace: string): Skill | { readonly problem: string } | undefined;
}
