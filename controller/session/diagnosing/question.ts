import type { EvidenceBundle } from '../../evidence/bundle.ts';
import { limitsBy, type Allowed, type Question } from '../../reasoning/question.ts';
import type { Limits } from '../../reasoning/reasoner.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { isAllowed, whyUnavailable } from '../allowed.ts';
import type { Dependencies } from '../dependencies.ts';
import { passagesFor } from '../knowledge.ts';
import { excerptsFor } from '../source-excerpts.ts';
import { iterationOf, loadBundle, type Snapshot } from '../snapshot.ts';
import { looksFor, type Look } from './looks.ts';
import { remembered, type Remembered } from './remembered.ts';

export interface Posed {
  readonly question: Question;
  /** What a model may look at; absent where none is asked. */
  readonly looks?: readonly Look[];
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
  if (asksModel(snapshot, deps)) {
    const { looks, told, ...kept } = await keptSetting(snapshot, deps, { bundle, resolved }, signal);
    return { question: { bundle, ...kept }, looks, told };
  }
  const { memory, told } = remembered(snapshot, deps, bundle);
  return { question: { bundle, memory, allowed: allowedIn(snapshot, deps, resolved) }, told };
}

/** Documents and tools are for a model: the embedded engine neither reads nor looks. */
function asksModel({ session: { spec } }: Snapshot, { engines }: Dependencies): boolean {
  return spec.reasoner !== 'Causal' && engines.claude !== undefined;
}

/** All that a model is told besides the evidence. */
interface Setting extends Remembered, Pick<Question, 'allowed'> {
  readonly looks: readonly Look[];
}

interface Seen {
  readonly bundle: EvidenceBundle;
  readonly resolved: ResolvedGraph;
}

/**
 * Documents, other sessions, maps and servers change: a model is asked by the same words after a crash, or it would be paid for once more.
 * What has changed meanwhile is seen when the fix is planned.
 */
async function keptSetting(snapshot: Snapshot, deps: Dependencies, seen: Seen, signal: AbortSignal): Promise<Setting> {
  const { session, status } = snapshot;
  const iteration = iterationOf(snapshot);
  const key = `setting/${iteration}/${status.sweep?.bundleDigest}`;
  const kept = (await deps.evidence.recall(session, key, signal)) as Setting | undefined;
  if (kept !== undefined) return kept;
  const setting = await settingOf(snapshot, deps, seen, signal);
  return ((await deps.evidence.keep(session, iteration, key, setting, signal)) as Setting | undefined) ?? setting;
}

async function settingOf(
  snapshot: Snapshot,
  deps: Dependencies,
  { bundle, resolved }: Seen,
  signal: AbortSignal,
): Promise<Setting> {
  const { memory, told } = remembered(snapshot, deps, bundle);
  const [documents, source, { looks, gaps: lacking }] = await Promise.all([
    passagesFor(snapshot, deps, bundle, signal),
    excerptsFor(snapshot, deps, bundle, signal),
    looksFor(snapshot, deps, resolved, signal),
  ]);
  const passages = [...documents.passages, ...source.passages];
  return {
    memory: { ...memory, ...(passages.length === 0 ? {} : { passages }) },
    told: [...told, ...documents.gaps, ...source.gaps, ...lacking],
    allowed: allowedIn(snapshot, deps, resolved),
    looks,
  };
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
export function reasonerLimits(
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
