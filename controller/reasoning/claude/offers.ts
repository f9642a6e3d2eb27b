import type { Graph, GraphNode } from '../../evidence/bundle.ts';
import type { Knowledge } from '../proposals.ts';
import type { Limits } from '../reasoner.ts';

/** By action, the nodes that it may be proposed for; only actions with a node. */
export type Offers = ReadonlyMap<string, readonly string[]>;

/**
 * What is allowed here and makes sense: an action is for nodes of its own skill. The source has a node of its own only where the
 * map lists one; where it lists none, it is edited for any node of the service.
 */
export function offersOf({ actions }: Knowledge, { nodes }: Graph, limits: Limits): Offers {
  const offers = [...actions].map(([id, { action, skill }]) => {
    const isOwn = (node: GraphNode): boolean => node.skill === skill.id;
    const fits = (node: GraphNode): boolean =>
      isOwn(node) || (action.class === 'Code' && !nodes.some((one) => one.service === node.service && isOwn(one)));
    const fitting = nodes.filter((node) => fits(node) && limits.allowed(id, node.id)).map((node) => node.id);
    return [id, fitting.toSorted()] as const;
  });
  return new Map(offers.filter(([, fitting]) => fitting.length > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
