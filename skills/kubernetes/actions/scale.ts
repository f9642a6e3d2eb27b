import type { JsonObject } from '../../../controller/api/json.ts';
import { scaling } from '../../lib/scale.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { plan, readLive } from './live.ts';
import { execute, probeAct, rollback, settled, unchanged } from './operations.ts';

const { parameters, direction, wanted } = scaling('pods');

/** More or fewer pods, within the node's `minReplicas` and `maxReplicas`. */
export const scale: ActionType = {
  id: 'kubernetes.scale',
  title: 'Change the number of pods',
  class: 'Infra',
  risk: 'Low',
  parameters,
  idempotency: 'Keyed',
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
  const { minReplicas, maxReplicas } = limitsOf(context.node.with);
  const before = live.deployment.desired;
  const replicas = wanted(given, before, { least: minReplicas, most: maxReplicas });
  return plan(context, live, { replicas }, [`- replicas: ${before}`, `+ replicas: ${replicas}`]);
}
