import type { EvidenceBundle, Graph } from '../../evidence/bundle.ts';

/**
 * Whose checks decide: all nodes that were well before the act, and of those that were not the ones that the symptom has to do with,
 * because it may suffer from them or they from it. What was ill before and stands apart neither speaks for a fix nor against it;
 * that it got no worse is asked of every node.
 */
export function isConcerned(bundle: EvidenceBundle): (node: string) => boolean {
  const related = relatedTo(bundle.symptom.node, bundle.graph);
  const well = new Set(bundle.nodes.filter(({ health }) => health === 'Healthy').map(({ node }) => node));
  return (node) => well.has(node) || related.has(node);
}

function relatedTo(start: string, { edges }: Graph): ReadonlySet<string> {
  const onward = edges.map(({ from, to }) => [from, to] as const);
  const back = edges.map(({ from, to }) => [to, from] as const);
  const parts = edges.filter(({ kind }) => kind === 'ConsistsOf').map(({ from, to }) => [from, to] as const);
  const suffering = reached([start], back);
  return new Set([...reached([start], onward), ...reached(suffering, parts)]);
}

function reached(starts: Iterable<string>, ways: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const nexts = Map.groupBy(ways, ([from]) => from);
  const found = new Set(starts);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const node of found) for (const [, to] of nexts.get(node) ?? []) found.add(to);
  return found;
}
