import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { plan, readLive } from './live.ts';
import { execute, probeAct, settled, unchanged } from './operations.ts';

/** Replaces all pods by new ones of the same template. Nothing takes it back, and nothing has to. */
export const restart: ActionType = {
  id: 'kubernetes.restart',
  title: 'Start all pods anew',
  class: 'Infra',
  risk: 'Low',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  idempotency: 'Keyed',
  direction: () => 'pods:renew',
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
};

async function render(context: ActionContext): Promise<RenderedAction> {
  const live = await readLive(context);
  const { revision, desired, available } = live.deployment;
  return plan(context, live, { restartAt: context.clock.now().toISOString() }, [
    `- ${available} of ${desired} pods of revision ${revision}`,
    `+ ${desired} new pods of the same template`,
  ]);
}
