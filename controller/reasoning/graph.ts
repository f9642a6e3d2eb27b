import type { Graph, GraphNode } from '../evidence/bundle.ts';

/**
 * What can be at fault as one thing: a service with the nodes it consists of (its logs, compute, pipeline and repository are
 * views and parts of it), or a resource that stands for itself.
 */
export interface Unit {
  /** The service's node, or the only node. */
  readonly id: string;
  readonly isService: boolean;
  /** Its own nodes that can be looked at. */
  readonly members: readonly string[];
  /** Callers' views of it: evidence about it, never at fault while it can be seen itself. */
  readonly views: readonly string[];
  /** Parts that it shares with other services: they are units of their own, and yet tell of it. */
  readonly shared: readonly string[];
}

/** Who suffers from whom, by unit: `dependencies.get(a)` holds what `a` suffers from. */
export type SuffersFrom = ReadonlyMap<string, readonly string[]>;

export interface UnitGraph {
  readonly units: ReadonlyMap<string, Unit>;
  readonly unitOf: ReadonlyMap<string, string>;
  readonly dependencies: SuffersFrom;
}

interface Ties {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Services that consist of the node. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  /** Services that are seen through the node. */
  readonly seen: ReadonlyMap<string, readonly string[]>;
}

/** The graph with its nodes gathered into units; sorted, so that the order of the bundle does not matter. */
export function unitGraphOf(graph: Graph): UnitGraph {
  const ties = tiesOf(graph);
  const ids = [...ties.nodes.keys()].toSorted();
  const unitOf = new Map(ids.map((id) => [id, unitIdOf(id, ties)]));
  const units = new Map<string, Unit>();
  for (const id of [...new Set(unitOf.values())].toSorted()) units.set(id, unitFrom(id, ids, unitOf, ties));
  return { units, unitOf, dependencies: dependenciesOf(graph, unitOf) };
}

function tiesOf(graph: Graph): Ties {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const between = graph.edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  const owners = grouped(between.filter(({ kind }) => kind === 'ConsistsOf').map(({ from, to }) => [to, from]));
  const seen = grouped(between.filter(({ kind }) => kind === 'SeenThrough').map(({ from, to }) => [from, to]));
  return { nodes, owners, seen };
}

function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const [key, value] of pairs) groups.set(key, (groups.get(key) ?? new Set()).add(value));
  return new Map([...groups].map(([key, values]) => [key, [...values].toSorted()]));
}

function unitIdOf(id: string, ties: Ties): string {
  const owners = ties.owners.get(id) ?? [];
  if (owners.length > 1) return id;
  return owners[0] ?? ties.seen.get(id)?.[0] ?? id;
}

function unitFrom(id: string, ids: readonly string[], unitOf: ReadonlyMap<string, string>, ties: Ties): Unit {
  const isService = ties.nodes.get(id)?.role === 'Service';
  const own = ids.filter((node) => unitOf.get(node) === id);
  const owns = (node: string): boolean => (ties.owners.get(node) ?? []).includes(id);
  if (!isService) return { id, isService, members: own, views: [], shared: [] };
  return {
    id,
    isService,
    members: own.filter((node) => node !== id && owns(node)),
    views: own.filter((node) => node !== id && !owns(node)),
    shared: ids.filter((node) => owns(node) && unitOf.get(node) !== id),
  };
}

function dependenciesOf(graph: Graph, unitOf: ReadonlyMap<string, string>): SuffersFrom {
  const pairs = graph.edges.flatMap(({ from, to }): (readonly [string, string])[] => {
    const [suffering, cause] = [unitOf.get(from), unitOf.get(to)];
    return suffering === undefined || cause === undefined || suffering === cause ? [] : [[suffering, cause]];
  });
  return grouped(pairs);
}

/** All that `start` may suffer from, itself included, with the number of hops. */
export function reachable(start: string, dependencies: SuffersFrom): ReadonlyMap<string, number> {
  const hops = new Map([[start, 0]]);
  // A map is walked in the order of insertion, what is added on the way included: breadth first.
  for (const [unit, hop] of hops) {
    for (const next of dependencies.get(unit) ?? []) if (!hops.has(next)) hops.set(next, hop + 1);
  }
  return hops;
}

/** The same edges the other way round: who suffers from each. */
export function dependentsOf(dependencies: SuffersFrom): SuffersFrom {
  return grouped([...dependencies].flatMap(([from, all]) => all.map((to) => [to, from] as const)));
}
