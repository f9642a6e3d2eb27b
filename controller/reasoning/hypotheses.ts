import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ActionType, ProposedFix, Remedy, RemedyContext, Skill, SkillNode } from '../../skills/skill.ts';
import type { GraphNode } from '../evidence/bundle.ts';
import type { Finding } from '../evidence/finding.ts';
import type { Evidence, UnitEvidence } from './evidence.ts';
import type { Unit } from './graph.ts';
import type { Fix, Memory } from './reasoner.ts';
import { signatureOf } from './signature.ts';

/** What there is to know of systems: their skills and the catalogue of actions. */
export interface Knowledge {
  readonly skills: ReadonlyMap<string, Skill>;
  readonly actions: ReadonlyMap<string, { readonly action: ActionType; readonly skill: Skill }>;
}

/** A fix that would be right if its hypothesis is. */
export interface Candidate {
  readonly fix: Fix;
  /** In [0, 1]: fitness, how severe what it explains is, and what was tried before. */
  readonly belief: number;
  /** Failed before in this session, or live already. */
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
  readonly all: readonly Hypothesis[];
  /** Remedies that broke or proposed what their action refuses. */
  readonly gaps: readonly string[];
}

const severityWeight = { Critical: 1, Warning: 0.8, Info: 0.5 } as const;
const severityRank = { Critical: 0, Warning: 1, Info: 2 } as const;
/** What is left of a hypothesis after one of its fixes failed: so its rivals rise. */
const afterFailure = 0.25;

interface Case {
  readonly unit: Unit;
  readonly seen: UnitEvidence;
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;
  readonly memory: Memory;
}

/** Asks the remedies of all of the unit's nodes what would explain its findings and what would heal it. */
export function hypothesesOf(input: Case): Hypotheses {
  const gaps: string[] = [];
  const found = new Map<string, Hypothesis>();
  for (const node of [...input.unit.members, ...input.unit.shared].toSorted()) {
    const graphNode = input.evidence.nodes.get(node);
    const remedies = graphNode === undefined ? [] : (input.knowledge.skills.get(graphNode.skill)?.remedies ?? []);
    for (const remedy of remedies) {
      if (graphNode === undefined) continue;
      const hypothesis = hypothesisOf(remedy, graphNode, input, gaps);
      if (hypothesis !== undefined) merge(found, hypothesis);
    }
  }
  return { all: [...found.values()].toSorted(byBelief), gaps };
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
  const explains = input.seen.findings.filter(({ kind }) => remedy.forKinds.includes(kind)).toSorted(bySeverity);
  const worst = explains[0];
  if (worst === undefined) return undefined;
  const proposals = proposalsOf(remedy, node, input, gaps);
  const failed = hasFailed(remedy, node, input.memory, proposals);
  const weight = severityWeight[worst.severity] * (failed ? afterFailure : 1);
  const candidates = proposals
    .map(({ fix, fitness }) => ({ fix, belief: fitness * weight, spent: isSpent(fix, input.memory) }))
    .toSorted(byCandidate);
  const belief = Math.max(0, ...candidates.map((candidate) => candidate.belief));
  return belief === 0 ? undefined : { node: node.id, kind: remedy.cause, belief, explains, candidates };
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

function isSpent({ signature }: Fix, memory: Memory): boolean {
  return memory.failed.includes(signature) || memory.kept.includes(signature);
}

interface Proposal {
  readonly fix: Fix;
  readonly fitness: number;
}

function proposalsOf(remedy: Remedy, node: GraphNode, input: Case, gaps: string[]): readonly Proposal[] {
  const { findings, changes, series } = input.seen;
  const context: RemedyContext = { node: skillNode(node), findings, changes, series };
  try {
    return remedy.propose(context).flatMap((proposed) => proposalFrom(proposed, remedy, node, input, gaps));
  } catch (error) {
    gaps.push(
      `${node.id}: the remedy ${remedy.id} could not be asked: ${error instanceof Error ? error.name : 'failed'}`,
    );
    return [];
  }
}

function skillNode({ id, name, type, with: parameters }: GraphNode): SkillNode {
  return { id, name, type, with: parameters };
}

function proposalFrom(
  proposed: ProposedFix,
  remedy: Remedy,
  owner: GraphNode,
  input: Case,
  gaps: string[],
): readonly Proposal[] {
  const entry = input.knowledge.actions.get(proposed.action);
  const node = entry === undefined ? undefined : actedOn(entry, owner, input);
  if (entry === undefined || node === undefined) return [];
  const { action } = entry;
  if (!validatorOf(action)(proposed.parameters)) {
    gaps.push(`${owner.id}: the remedy ${remedy.id} proposes what ${action.id} does not take`);
    return [];
  }
  const { parameters, rationale } = proposed;
  const signature = signatureOf(action, node.identity, parameters);
  const fix: Fix = { action: action.id, class: action.class, node: node.id, parameters, signature, rationale };
  return [{ fix, fitness: Math.min(1, Math.max(0, proposed.fitness)) }];
}

type Entry = NonNullable<ReturnType<Knowledge['actions']['get']>>;

/** The remedy's own node, or the unit's node whose skill has the action. An edit of the source needs no node of its own. */
function actedOn({ action, skill }: Entry, owner: GraphNode, { unit, evidence }: Case): GraphNode | undefined {
  if (owner.skill === skill.id) return owner;
  const nodes = [...unit.members, ...unit.shared].toSorted().flatMap((id) => evidence.nodes.get(id) ?? []);
  return nodes.find((node) => node.skill === skill.id) ?? (action.class === 'Code' ? owner : undefined);
}

const ajv = new Ajv2020({ allErrors: false, strict: false });
const validators = new WeakMap<ActionType, ValidateFunction>();

function validatorOf(action: ActionType): ValidateFunction {
  const known = validators.get(action) ?? ajv.compile(action.parameters);
  validators.set(action, known);
  return known;
}

function byBelief(a: Hypothesis, b: Hypothesis): number {
  return b.belief - a.belief || compare(a.kind, b.kind) || compare(a.node, b.node);
}

function byCandidate(a: Candidate, b: Candidate): number {
  return b.belief - a.belief || compare(a.fix.signature, b.fix.signature);
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
