import type { EvidenceBundle } from '../../evidence/bundle.ts';
import { limitsBy, type Allowed, type Question } from '../../reasoning/question.ts';
import type { Limits } from '../../reasoning/reasoner.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { isAllowed, whyUnavailable } from '../allowed.ts';
import type { Dependencies } from '../dependencies.ts';
import { passagesFor } from '../knowledge.ts';
import { iterationOf, loadBundle, type Snapshot } from '../snapshot.ts';
import { remembered, type Remembered } from './remembered.ts';

export interface Posed {
  readonly question: Question;
  /** What a person must know of what is remembered, and of what could not be read. */
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
  const allowed = allowedIn(snapshot, deps, resolved);
  const { memory, told } = asksModel(snapshot, deps)
    ? await keptMemory(snapshot, deps, bundle, signal)
    : remembered(snapshot, deps, bundle);
  return { question: { bundle, memory, allowed }, told };
}

/**
 * With what documents have on it. Documents and other sessions change: a model is asked by the same words after a crash, or it would be paid for
 * once more.
 */
async function keptMemory(
  snapshot: Snapshot,
  deps: Dependencies,
  bundle: EvidenceBundle,
  signal: AbortSignal,
): Promise<Remembered> {
  const { session, status } = snapshot;
  const iteration = iterationOf(snapshot);
  const key = `memory/${iteration}/${status.sweep?.bundleDigest}`;
  const kept = await deps.evidence.recall(session, key, signal);
  // Written below.
  if (kept !== undefined) return kept as Remembered;
  const { memory, told } = remembered(snapshot, deps, bundle);
  const { passages, gaps } = await passagesFor(snapshot, deps, bundle, signal);
  const all = { memory: { ...memory, ...(passages.length === 0 ? {} : { passages }) }, told: [...told, ...gaps] };
  await deps.evidence.keep(session, iteration, key, all, signal);
  return all;
}

/** Documents are for a model: the embedded engine does not read. */
export function asksModel({ session: { spec } }: Snapshot, { engines }: Dependencies): boolean {
  return spec.reasoner !== 'Causal' && engines.claude !== undefined;
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
