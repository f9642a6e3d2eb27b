import type { JsonObject } from '../../../controller/api/json.ts';
import { shortName } from '../../lib/ecs/names.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { type Scale, toJson } from './frozen.ts';
import { planned, readLive, targetVersion } from './live.ts';
import { probeAct } from './occurrence.ts';
import { execute, rollback, settled, unchanged } from './operations.ts';

/** More or fewer tasks, within the node's `minTasks` and `maxTasks`. */
export const scale: ActionType = {
  id: 'aws-ecs.scale',
  title: 'Change the number of tasks',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['by'],
    properties: {
      by: {
        type: 'integer',
        minimum: -100,
        maximum: 100,
        not: { const: 0 },
        description: 'Tasks to add; negative to remove',
      },
    },
  },
  idempotency: 'Natural',
  direction: (parameters) => ((numberOf(parameters['by']) ?? 0) > 0 ? 'tasks:increase' : 'tasks:decrease'),
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const live = await readLive(context);
  const { minTasks, maxTasks } = limitsOf(context.node.with);
  const fromCount = live.service.desired;
  const desiredCount = fromCount + (numberOf(parameters['by']) ?? 0);
  if (desiredCount < minTasks || desiredCount > maxTasks) {
    throw new PlanRefused('AboveLimit', `${desiredCount} tasks are outside ${minTasks} to ${maxTasks}`);
  }
  const frozen: Scale = { ...planned(live), operation: 'Scale', fromCount, desiredCount };
  return {
    diff: [
      `service ${shortName(live.target.service)} in ${shortName(live.target.cluster)}`,
      `- desired tasks: ${fromCount}`,
      `+ desired tasks: ${desiredCount}`,
    ].join('\n'),
    target: targetVersion(context, live, frozen.operation),
    frozen: toJson(frozen),
    edits: [],
  };
}
