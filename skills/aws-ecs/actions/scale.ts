import type { JsonObject } from '../../../controller/api/json.ts';
import { shortName } from '../../lib/ecs/names.ts';
import { scaling } from '../../lib/scale.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { type Scale, toJson } from './frozen.ts';
import { planned, readLive, targetVersion } from './live.ts';
import { probeAct } from './occurrence.ts';
import { execute, rollback, settled, unchanged } from './operations.ts';

const { parameters, direction, wanted } = scaling('tasks');

/** More or fewer tasks, within the node's `minTasks` and `maxTasks`. */
export const scale: ActionType = {
  id: 'aws-ecs.scale',
  title: 'Change the number of tasks',
  class: 'Infra',
  risk: 'Low',
  parameters,
  idempotency: 'Natural',
  direction,
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, given: JsonObject): Promise<RenderedAction> {
  const live = await readLive(context);
  const { minTasks, maxTasks } = limitsOf(context.node.with);
  const fromCount = live.service.desired;
  const desiredCount = wanted(given, fromCount, { least: minTasks, most: maxTasks });
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
