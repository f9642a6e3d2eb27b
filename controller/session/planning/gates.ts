import type { ServiceTopology } from '../../api/kinds.ts';
import type { Plan } from '../../actions/plan.ts';
import type { Expression } from '../../cel/cel.ts';
import type { ActionType } from '../../../skills/skill.ts';
import { approvalRules, type ApprovalRule, type RuleScope } from '../../topology/approval-rules.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Status } from '../transition.ts';

export type Gate = NonNullable<NonNullable<Status['plan']>['gate']>;

/** Why a person must be asked, and under which gate. */
export interface Asked {
  readonly gate: Gate;
  readonly reason: string;
}

/** Where several ask, the first of these gives the question its name; all reasons are told. */
const order: readonly Gate[] = ['SchemaChange', 'ReviewGate', 'RiskyAction', 'Disagreement'];

export function foremost(asked: readonly Asked[]): Asked | undefined {
  const gate = order.find((candidate) => asked.some((one) => one.gate === candidate));
  return gate === undefined ? undefined : { gate, reason: asked.map(({ reason }) => reason).join('; ') };
}

/** The act that a map's policy is asked about. */
export type Judged = Pick<Plan, 'action' | 'class' | 'node' | 'target' | 'parameters' | 'affected'>;

/**
 * What the map wants a person to be asked before this act, and what is asked whatever it says: an act by its kind, and one that
 * nothing makes recognisable afterwards. A rule that cannot be judged asks. @throws only the signal's reason
 */
export async function policyAsks(
  { spec }: ServiceTopology,
  action: ActionType,
  judged: Judged,
  deps: Pick<Dependencies, 'clock' | 'expressions'>,
  signal: AbortSignal,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  if (action.gate !== undefined) asked.push({ gate: action.gate, reason: `${action.id} changes a schema` });
  if (spec.policy?.approvals?.includes(action.id) === true) {
    asked.push({ gate: 'RiskyAction', reason: `the map's policy.approvals names ${action.id}` });
  }
  if (action.idempotency === 'None') {
    asked.push({ gate: 'RiskyAction', reason: `nothing tells afterwards whether ${action.id} was done` });
  }
  const rules = approvalRules({ spec });
  const reasons = await rulesThatAsk(rules, scopeOf(spec, action, judged, deps.clock.now()), deps, signal);
  return [...asked, ...reasons.map((reason): Asked => ({ gate: 'RiskyAction', reason }))];
}

function scopeOf(spec: ServiceTopology['spec'], action: ActionType, judged: Judged, now: Date): RuleScope {
  const { node, target, parameters, affected = [] } = judged;
  return {
    action: action.id,
    class: action.class,
    risk: action.risk,
    node,
    target: target.identity,
    environment: spec.environment?.name ?? '',
    parameters,
    affected,
    blastRadius: affected.length,
    hour: now.getUTCHours(),
    weekday: now.getUTCDay(),
    now: now.toISOString(),
  };
}

async function rulesThatAsk(
  rules: readonly ApprovalRule[],
  scope: RuleScope,
  { clock, expressions }: Pick<Dependencies, 'clock' | 'expressions'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const sound = rules.flatMap(({ when }) => ('problem' in when ? [] : [when]));
  const values = await expressions.evaluate(sound, scope, { clock, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    return () => {
      throw error;
    };
  });
  return rules.flatMap(({ name, when }) => {
    const why = 'problem' in when ? when.problem : unsaid(when, values);
    return why === undefined
      ? []
      : [`the map's rule ${name} asks${why === '' ? '' : `, as it cannot be judged: ${why}`}`];
  });
}

/** Undefined where the rule does not ask; why it cannot be judged, or nothing where it simply asks. */
function unsaid(when: Expression, values: (expression: Expression) => unknown): string | undefined {
  try {
    const value = values(when);
    if (value === false) return undefined;
    return value === true ? '' : 'it gives neither true nor false';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
