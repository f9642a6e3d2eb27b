import type { ActionType, ProposedFix, Remedy, RemedyContext, Skill, SkillNode } from '../../skills/skill.ts';
import type { GraphNode } from '../evidence/bundle.ts';
import type { Finding } from '../evidence/finding.ts';
import type { Evidence, UnitEvidence } from './evidence.ts';
import type { Unit } from './graph.ts';
import { parameterFault } from './parameters.ts';
import type { Fix, Memory } from './reasoner.ts';
import { signatureOf } from './signature.ts';

/** What there is to know of systems: their skills and the catalogue of actions. */
export interface Knowledge {
  readonly skills: ReadonlyMap<string, Skill>;
  readonly actions: ReadonlyMap<string, { readonly action: ActionType; readonly skill: Skill }>;
}

/** One unit and all that bears on what ails it. */
export interface Case {
  readonly unit: Unit;
  readonly seen: UnitEvidence;
  /** What hurts at the resources that it uses itself: a remedy may say that the user is to blame. */
  readonly used: readonly Finding[];
  /** What came to harm elsewhere right after the unit was changed, where that is supposed to be its doing. */
  readonly harmed: readonly Finding[];
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;
  readonly memory: Memory;
}

/** What a remedy would do, checked against the catalogue. */
export interface Proposal {
  readonly fix: Fix;
  readonly fitness: number;
}

/** What of others a remedy is asked about besides what its unit shows. */
export function othersFor({ forKinds, takesBack }: Remedy, { used, harmed }: Case): readonly Finding[] {
  return [...used.filter(({ kind }) => forKinds.includes(kind)), ...(takesBack === true ? harmed : [])];
}

/** Asks one remedy; what breaks or is not valid becomes a gap. */
export function proposalsOf(remedy: Remedy, node: GraphNode, input: Case, gaps: string[]): readonly Proposal[] {
  const { changes, series } = input.seen;
  const findings = [...new Set([...input.seen.findings, ...othersFor(remedy, input)])];
  const context: RemedyContext = { node: skillNode(node), findings, used: input.used, changes, series };
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
  if (parameterFault(action, proposed.parameters) !== undefined) {
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
