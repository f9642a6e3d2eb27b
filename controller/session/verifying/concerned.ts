import type { Diagnosed } from '../../api/kinds.ts';
import type { EvidenceBundle, Graph } from '../../evidence/bundle.ts';

/** What a fix is said to heal. */
export interface Healing extends Pick<Diagnosed, 'chain' | 'predictions'> {
  /** The node that is acted on. */
  readonly node: string;
}

/**
 * Whose checks decide: all nodes that were well before the act, and of those that were not the ones that the fix has to heal. What
 * was ill before and stands apart, be it a caller of the symptom's service, neither speaks for a fix nor against it; that it got no
 * worse is asked of every node.
 */
export function isConcerned(bundle: EvidenceBundle, healing: Healing): (node: string) => boolean {
  const healed = healedBy(healing, bundle);
  const well = new Set(bundle.nodes.filter(({ health }) => health === 'Healthy').map(({ node }) => node));
  return (node) => well.has(node) || healed.has(node);
}

/**
 * What lies on the way from the cause to the symptom, what is acted on, and what the predictions are about. Of a service, all that it
 * consists of, and what its callers see of it.
 */
export function healedBy(
  { chain = [], predictions = [], node: acted }: Healing,
  { symptom, graph }: Pick<EvidenceBundle, 'symptom' | 'graph'>,
): ReadonlySet<string> {
  const named = new Set([...chain, symptom.node, acted, ...predictions.map(({ node }) => node)]);
  const whole = graph.edges.filter(({ kind, from, to }) => kind === 'ConsistsOf' && named.has(to) && !named.has(from));
  const services = new Set([...named, ...whole.map(({ from }) => from)]);
  return new Set([...services, ...graph.edges.flatMap((edge) => tellingOf(edge, services))]);
}

/** The end of an edge that tells how the service at its other end fares. */
function tellingOf({ kind, from, to }: Graph['edges'][number], services: ReadonlySet<string>): readonly string[] {
  if (kind === 'ConsistsOf' && services.has(from)) return [to];
  return kind === 'SeenThrough' && services.has(to) ? [from] : [];
}
