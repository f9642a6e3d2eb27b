import type { Plan } from '../actions/plan.ts';
import type { Asked } from './planning/gates.ts';
import type { Status } from './transition.ts';
import { told } from './told.ts';

type PlanStatus = NonNullable<Status['plan']>;

interface Frozen {
  readonly actionDigest: string;
  readonly contentDigest: string;
  readonly summary: string;
  readonly risk?: NonNullable<PlanStatus['risk']>;
  readonly checks?: string;
  readonly asked?: Asked | undefined;
}

/** A plan as the status holds it, within the CRD's bounds. */
export function planStatus(
  plan: Plan,
  { actionDigest, contentDigest, summary, risk, checks, asked }: Frozen,
): PlanStatus {
  return {
    actionDigest,
    contentDigest,
    action: plan.action,
    class: plan.class,
    node: plan.node,
    target: plan.target.identity.slice(0, 300),
    summary: told(summary, 500),
    diff: told(plan.diff, 8000),
    ...(risk === undefined ? {} : { risk }),
    ...(checks === undefined ? {} : { checks: told(checks, 2000) }),
    affected: [...(plan.affected ?? [])],
    ...(asked === undefined ? {} : { gate: asked.gate, gateReason: told(asked.reason, 2000) }),
  };
}
