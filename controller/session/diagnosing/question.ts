import type { Allowed, Question } from '../../reasoning/question.ts';
import { limitsBy } from '../../reasoning/question.ts';
import type { Limits } from '../../reasoning/reasoner.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { isAllowed, whyUnavailable } from '../allowed.ts';
import type { Dependencies } from '../dependencies.ts';
import { loadBundle, type Snapshot } from '../snapshot.ts';
import { remembered } from './remembered.ts';

export interface Posed {
  readonly question: Question;
  /** What a person must know of what is remembered. */
  readonly told: readonly string[];
}

/** All that a reasoner is given, as it can be given again. */
export async function questionOf(
  snapshot: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<Posed> {
  const bundle = await loadBundle(snapshot, deps, signal);
  const { memory, told } = remembered(snapshot, deps, bundle);
  return { question: { bundle, memory, allowed: allowedIn(snapshot, deps, resolved) }, told };
}

/** Every pair of action and node that the maps and the operator's configuration allow the session. */
export function allowedIn(
  snapshot: Pick<Snapshot, 'session'>,
  deps: Pick<Dependencies, 'actions' | 'allowance'>,
  resolved: ResolvedGraph,
): Allowed {
  const nodes = resolved.graph.nodes.map(({ id }) => id);
  const named = new Set([...resolved.topologies.values()].flatMap(({ spec }) => spec.policy?.actions ?? []));
  const known = [...deps.actions.keys()].filter((action) => named.has(action));
  const pairs = known.map(
    (action) => [action, nodes.filter((node) => isAllowed(snapshot, deps, resolved, action, node))] as const,
  );
  return Object.fromEntries(pairs.filter(([, allowed]) => allowed.length > 0));
}

/** The question's limits; what a reasoner asked for and could not have for want of a tool goes into `unavailable`. */
export function limitsOf(
  { allowed }: Question,
  deps: Dependencies,
  resolved: ResolvedGraph,
  unavailable: Set<string>,
): Limits {
  const limits = limitsBy(allowed);
  return {
    allowed(action, node) {
      const reason = whyUnavailable(deps, resolved, action, node);
      if (reason !== undefined) unavailable.add(`${action} is not available at ${node}: ${reason}`);
      return limits.allowed(action, node);
    },
  };
}
