import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import type { ActionType } from '../../skill.ts';
import { parameterAct, planParameter, renderedPlan } from './parameter-act.ts';

export const restoreParameterId = 'aws-elasticache.restore-parameter';

/** A parameter that somebody has set is what it is by default again, for all caches of the group. */
export const restoreParameter: ActionType = {
  id: restoreParameterId,
  title: 'Set a parameter of a cache back to its default',
  class: 'Infra',
  risk: 'High',
  ...parameterAct,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['parameter'],
    properties: { parameter: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 255 } },
  },
  direction: (parameters) => `${textOf(parameters['parameter']) ?? ''}:default`,
  async render(context, parameters) {
    const name = textOf(parameters['parameter']) ?? '';
    const plan = await planParameter(context, name, ({ default: usual }) => {
      if (usual === undefined) throw new PlanRefused('NoDefault', `${name} has no default`);
      return usual;
    });
    return renderedPlan(plan, [`- ${name} ${plan.from}`, `+ ${name} ${plan.to} (the default)`]);
  },
};
