import { shortName } from '../../lib/ecs/names.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { type ForceDeployment, toJson } from './frozen.ts';
import { planned, readLive, targetVersion } from './live.ts';
import { probeAct } from './occurrence.ts';
import { execute, settled, unchanged } from './operations.ts';

/** Starts all tasks of the service anew from the revision that runs. Nothing takes it back, and nothing has to. */
export const forceNewDeployment: ActionType = {
  id: 'aws-ecs.force-new-deployment',
  title: 'Start all tasks anew',
  class: 'Infra',
  risk: 'Low',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  idempotency: 'Fenced',
  direction: () => 'deployment:renew',
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
};

async function render(context: ActionContext): Promise<RenderedAction> {
  const live = await readLive(context);
  const frozen: ForceDeployment = { ...planned(live), operation: 'ForceDeployment' };
  const { service, definition } = live;
  return {
    diff: [
      `service ${shortName(live.target.service)} in ${shortName(live.target.cluster)}`,
      `- deployment ${live.deployment} of ${shortName(definition.arn)}, ${service.running} of ${service.desired} tasks running`,
      `+ a new deployment of ${shortName(definition.arn)}, ${service.desired} tasks started anew`,
    ].join('\n'),
    target: targetVersion(context, live, frozen.operation),
    frozen: toJson(frozen),
    edits: [],
  };
}
