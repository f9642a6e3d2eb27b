import type { Remedy } from '../../skills/skill.ts';
import type { DeclaredRemedy, GraphNode } from '../evidence/bundle.ts';
import type { Finding } from '../evidence/finding.ts';
import { experienceOf, withExperience } from './experience.ts';
import { dependentsOf, type UnitGraph } from './graph.ts';
import { othersFor, proposalsOf, type Case, type Proposal } from './proposals.ts';
import type { Fix, Memory } from './reasoner.ts';

/** A fix that would be right if its hypothesis is. */
export interface Candidate {
  readonly fix: Fix;
  /** In [0, 1]: fitness, how severe what it explains is, and what was tried before. */
  readonly belief: number;
  /** The belief as it was before another fix of the same hypothesis failed. */
  readonly worth: number;
  /** The belief, with how the fix fared in sessions much like this one: in which order to try, not whom to blame. */
  readonly promise: number;
  /** Failed before, or live already. */
  readonly spent: boolean;
}

/** One known cause that would explain what the unit shows; those of a unit are alternatives of one another. */
export interface Hypothesis {
  readonly node: string;
  readonly kind: string;
  readonly belief: number;
  /** The findings it explains, worst first. */
  readonly explains: readonly Finding[];
  /** Best first. */
  readonly candidates: readonly Candidate[];
}

export interface Hypotheses {
  /** The most believed first. */
  readonly all: readonly Hypothesis[];
  /** Causes that remedies know and have nothing to do about. */
  readonly helpless: readonly string[];
  /** Remedies that broke or proposed what their action refuses. */
  readonly gaps: readonly string[];
}

const severityWeight = { Critical: 1, Warning: 0.8, Info: 0.5 } as const;
const severityRank = { Critical: 0, Warning: 1, Info: 2 } as const;
/** What is left of a hypothesis after one of its fixes failed: so its rivals rise. */
const afterFailure = 0.25;

/** Asks the remedies of all of the unit's nodes what would explain its findings and what would heal it. */
export function hypothesesOf(input: Case): Hypotheses {
  const gaps: string[] = [];
  const found = new Map<string, Hypothesis>();
  const helpless = new Set<string>();
  for (const node of [...input.unit.members, ...input.unit.shared].toSorted()) {
    const graphNode = input.evidence.nodes.get(node);
    const remedies = graphNode === undefined ? [] : remediesOf(graphNode, input.knowledge.skills);
    for (const remedy of remedies) {
      if (graphNode === undefined) continue;
      const hypothesis = hypothesisOf(remedy, graphNode, input, gaps);
      if (hypothesis === undefined) continue;
      if (hypothesis.belief > 0) merge(found, hypothesis);
      else if (explainsItself(hypothesis)) helpless.add(hypothesis.kind);
    }
  }
  return { all: [...found.values()].toSorted(byBelief), helpless: [...helpless].toSorted(), gaps };
}

/** What the node's skill knows, and what came with the node itself. */
function remediesOf(node: GraphNode, skills: Case['knowledge']['skills']): readonly Remedy[] {
  return [...(skills.get(node.skill)?.remedies ?? []), ...(node.remedies ?? []).map(fromDeclared)];
}

/** Nothing is known of how well a team's own remedy heals: as good a guess as not. */
const declaredFitness = 0.5;

function fromDeclared({ id, cause, forKinds, action, parameters, rationale }: DeclaredRemedy): Remedy {
  return { id, cause, forKinds, propose: () => [{ action, parameters, rationale, fitness: declaredFitness }] };
}

/** A remedy with nothing to propose knows a cause by its name only where it is its own node that hurts. */
function explainsItself({ node, explains }: Hypothesis): boolean {
  return explains.some((finding) => finding.node === node && hurts(finding));
}

function merge(found: Map<string, Hypothesis>, one: Hypothesis): void {
  const key = `${one.node} ${one.kind}`;
  const known = found.get(key);
  if (known === undefined) found.set(key, one);
  else
    found.set(key, {
      ...known,
      belief: Math.max(known.belief, one.belief),
      explains: [...new Set([...known.explains, ...one.explains])].toSorted(bySeverity),
      candidates: [...known.candidates, ...one.candidates].toSorted(byCandidate),
    });
}

function hypothesisOf(remedy: Remedy, node: GraphNode, input: Case, gaps: string[]): Hypothesis | undefined {
  const own = input.seen.findings.filter(({ kind }) => remedy.forKinds.includes(kind));
  const explains = [...new Set([...own, ...othersFor(remedy, input)])].toSorted(bySeverity);
  const worst = explains[0];
  if (worst === undefined) return undefined;
  const proposals = proposalsOf(remedy, node, input, gaps);
  const failed = hasFailed(remedy, node, input.memory, proposals);
  const left = failed ? afterFailure : 1;
  const candidates = proposals
    .map(({ fix, fitness }) => ({ fix, worth: fitness * severityWeight[worst.severity] }))
    .map(({ fix, worth }) => candidateOf(fix, { worth, belief: worth * left }, remedy.cause, input.memory))
    .toSorted(byCandidate);
  const belief = Math.max(0, ...candidates.map((candidate) => candidate.belief));
  return { node: node.id, kind: remedy.cause, belief, explains, candidates };
}

function hasFailed(remedy: Remedy, node: GraphNode, memory: Memory, proposals: readonly Proposal[]): boolean {
  const cause = `${node.id} ${remedy.cause}`;
  return (
    proposals.some(({ fix }) => memory.failed.includes(fix.signature)) ||
    memory.history.some(
      ({ rootCause, signature }) => rootCause === cause && signature !== undefined && memory.failed.includes(signature),
    )
  );
}

function candidateOf(
  fix: Fix,
  { worth, belief }: Pick<Candidate, 'worth' | 'belief'>,
  cause: string,
  memory: Memory,
): Candidate {
  const promise = belief * experienceOf(fix, cause, memory.precedents);
  return { fix: withExperience(fix, cause, memory.precedents), belief, worth, promise, spent: isSpent(fix, memory) };
}

function isSpent({ signature }: Fix, memory: Memory): boolean {
  return memory.failed.includes(signature) || memory.kept.includes(signature);
}

/**
 * How much a unit's own hypotheses blame it for what ails another unit that it uses. What is put into a queue harms whoever takes it
 * out again: a resource hands the blame of its users on.
 */
export function blameIn(
  hypotheses: ReadonlyMap<string, Hypotheses>,
  { units, unitOf, dependencies }: UnitGraph,
): (used: string, user: string) => number {
  const users = dependentsOf(dependencies);
  const blame = (used: string, user: string): number => {
    const own = hypotheses.get(user)?.all ?? [];
    const blaming = own.filter(({ explains }) => explains.some(({ node }) => unitOf.get(node) === used));
    return Math.max(0, ...blaming.map(({ belief }) => belief));
  };
  return (used, user) => {
    if (units.get(user)?.isService !== false) return blame(used, user);
    return Math.max(0, ...(users.get(user) ?? []).map((one) => blame(user, one)));
  };
}

/** How much a unit's own hypotheses blame it for what hurts others and not itself. */
export function blameOf(all: readonly Hypothesis[], unit: string, unitOf: ReadonlyMap<string, string>): number {
  const blaming = all.filter(({ explains }) => {
    const hurting = explains.filter(hurts);
    return hurting.length > 0 && hurting.every(({ node }) => unitOf.get(node) !== unit);
  });
  return Math.max(0, ...blaming.map(({ belief }) => belief));
}

function hurts({ severity }: Finding): boolean {
  return severity !== 'Info';
}

function byBelief(a: Hypothesis, b: Hypothesis): number {
  return b.belief - a.belief || compare(a.kind, b.kind) || compare(a.node, b.node);
}

function byCandidate(a: Candidate, b: Candidate): number {
  return b.promise - a.promise || compare(a.fix.signature, b.fix.signature);
}

/** Worst first, then what began first. Ids come last: they hold names. */
export function bySeverity(a: Finding, b: Finding): number {
  return (
    severityRank[a.severity] - severityRank[b.severity] ||
    compare(a.since ?? '~', b.since ?? '~') ||
    compare(a.kind, b.kind) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
