import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { plan, readLive } from './live.ts';
import { execute, probeAct, rollback, settled, unchanged } from './operations.ts';

/** More or fewer pods, within the node's `minReplicas` and `maxReplicas`. */
export const scale: ActionType = {
  id: 'kubernetes.scale',
  title: 'Change the number of pods',
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
        description: 'Pods to add; negative to remove',
      },
    },
  },
  idempotency: 'Keyed',
  direction: (parameters) => ((numberOf(parameters['by']) ?? 0) > 0 ? 'pods:increase' : 'pods:decrease'),
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const live = await readLive(context);
  const { minReplicas, maxReplicas } = limitsOf(context.node.with);
  const before = live.deployment.desired;
  const replicas = before + (numberOf(parameters['by']) ?? 0);
  if (replicas < minReplicas || replicas > maxReplicas) {
    throw new PlanRefused('AboveLimit', `${replicas} pods are outside ${minReplicas} to ${maxReplicas}`);
  }
  return plan(context, live, { replicas }, [`- replicas: ${before}`, `+ replicas: ${replicas}`]);
}
