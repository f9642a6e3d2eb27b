import type { ServiceTopology } from '../api/kinds.ts';
import { compileCel, ExpressionInvalid, type Expression, type Scope } from '../cel/cel.ts';

/** What a rule of `policy.approvalRules` may look at. */
export interface RuleScope extends Scope {
  readonly action: string;
  readonly class: string;
  readonly risk: string;
  readonly node: string;
  /** Identity of what is changed. */
  readonly target: string;
  /** The environment's name, as the map has it. */
  readonly environment: string;
  readonly parameters: Scope;
  readonly affected: readonly string[];
  readonly blastRadius: number;
  /** 0 to 23, UTC. */
  readonly hour: number;
  /** 0 is Sunday, UTC. */
  readonly weekday: number;
  /** RFC 3339. */
  readonly now: string;
}

const variables: readonly (keyof RuleScope & string)[] = [
  'action',
  'class',
  'risk',
  'node',
  'target',
  'environment',
  'parameters',
  'affected',
  'blastRadius',
  'hour',
  'weekday',
  'now',
];

/** A rule as it was declared, with its expression or with why that cannot be used. */
export interface ApprovalRule {
  readonly name: string;
  readonly when: Expression | { readonly problem: string };
}

export function approvalRules({ spec }: Pick<ServiceTopology, 'spec'>): readonly ApprovalRule[] {
  return (spec.policy?.approvalRules ?? []).map(({ name, when }) => ({ name, when: compiled(when) }));
}

function compiled(source: string): ApprovalRule['when'] {
  try {
    return compileCel(source, variables);
  } catch (error) {
    if (!(error instanceof ExpressionInvalid)) throw error;
    return { problem: error.message };
  }
}

/** What is wrong with the rules of a map, a line a rule. */
export function ruleProblems(topology: Pick<ServiceTopology, 'spec'>): readonly string[] {
  return approvalRules(topology).flatMap(({ name, when }) =>
    'problem' in when ? [`policy.approvalRules ${name}: ${when.problem}`] : [],
  );
}
