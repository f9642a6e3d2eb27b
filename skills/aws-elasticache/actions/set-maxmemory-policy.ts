import { policyAction, policyDiff, policyIn } from '../../lib/redis/policy-action.ts';
import type { ActionType } from '../../skill.ts';
import { parameterAct, planParameter, renderedPlan } from './parameter-act.ts';

/** What the cache does at its bound, for all caches of its parameter group. */
export const setMaxmemoryPolicy: ActionType = {
  id: 'aws-elasticache.set-maxmemory-policy',
  title: 'Set what full caches of a parameter group throw away',
  ...parameterAct,
  ...policyAction,
  async render(context, parameters) {
    const plan = await planParameter(context, 'maxmemory-policy', () => policyIn(parameters));
    return renderedPlan(plan, policyDiff(plan.from, plan.to));
  },
};
