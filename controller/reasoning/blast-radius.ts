import type { Graph } from '../evidence/bundle.ts';
import { dependentsOf, reachable, unitGraphOf } from './graph.ts';

/**
 * What could suffer from an act on a node, by the map: the services that it belongs to, and everything that depends on those or on it,
 * over any number of hops. Ids of the graph, sorted; a part that stands for itself is not among them.
 */
export function blastRadius(graph: Graph, node: string): readonly string[] {
  const { units, unitOf, dependencies } = unitGraphOf(graph);
  const target = unitOf.get(node) ?? node;
  const suffering = [...reachable(target, dependentsOf(dependencies)).keys()];
  return suffering.filter((unit) => unit !== target || units.get(unit)?.isService === true).toSorted();
}
