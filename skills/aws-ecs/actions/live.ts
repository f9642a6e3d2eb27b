import { describeService, describeTaskDefinition, type EcsTarget, targetOf } from '../../lib/ecs/api.ts';
import { primaryOf } from '../../lib/ecs/deployment.ts';
import { ecsIdentity } from '../../lib/ecs/identity.ts';
import type { EcsContainerDefinition, EcsService, EcsTaskDefinition } from '../../lib/ecs/model.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import type { ActionContext, RenderedAction } from '../../skill.ts';
import type { Frozen } from './frozen.ts';

/** The service as it is now, and the revision that it runs. */
export interface Live {
  readonly target: EcsTarget;
  readonly service: EcsService;
  readonly definition: EcsTaskDefinition;
  readonly deployment: string;
}

export async function readLive(context: ActionContext): Promise<Live> {
  const target = targetOf(context.node.with);
  const service = await describeService(context.tools, target, context.signal);
  const primary = primaryOf(service);
  const running = primary?.taskDefinition ?? service.taskDefinition;
  const definition = await describeTaskDefinition(context.tools, running, context.signal);
  return { target, service, definition, deployment: primary?.id ?? '' };
}

/** The part that all plans share. */
export function planned(live: Live): { cluster: string; service: string; deployment: string; base: string } {
  return { ...live.target, deployment: live.deployment, base: live.definition.arn };
}

/** The version of what a plan changes: a scaling minds the count, the others only what is deployed. */
export function versionOf(service: EcsService, operation: Frozen['operation']): string {
  const primary = primaryOf(service);
  const deployed = `${primary?.taskDefinition ?? service.taskDefinition} ${primary?.id ?? ''}`;
  return operation === 'Scale' ? `${deployed} ${service.desired}` : deployed;
}

export function targetVersion(
  context: ActionContext,
  live: Live,
  operation: Frozen['operation'],
): RenderedAction['target'] {
  return { identity: ecsIdentity(context.node.with) ?? context.node.id, version: versionOf(live.service, operation) };
}

/** The named container, else the node's, else the first essential one. @throws PlanRefused `ContainerMissing` */
export function chooseContainer(
  definition: EcsTaskDefinition,
  ...names: readonly (string | undefined)[]
): EcsContainerDefinition {
  const name = names.map((one) => textOf(one)).find((one) => one !== undefined);
  const found = definition.containers.find((one) => (name === undefined ? one.essential : one.name === name));
  if (found === undefined) {
    throw new PlanRefused('ContainerMissing', `the task definition has no container ${name ?? 'that is essential'}`);
  }
  return found;
}
