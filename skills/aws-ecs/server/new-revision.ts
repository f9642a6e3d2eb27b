import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { actionTag } from '../../lib/ecs/model.ts';
import { givenByEcs } from '../../lib/ecs/other-fields.ts';

/** What `threehops_register_task_definition` changes against its base. Sizes are MiB and CPU units. */
export interface RevisionChanges {
  readonly container: string;
  readonly containerMemory?: number;
  readonly taskMemory?: number;
  readonly containerCpu?: number;
  readonly taskCpu?: number;
  readonly image?: string;
  /** `value: null` unsets; `from` is a revision whose value is taken, so that secrets need not pass through anyone. */
  readonly environment?: readonly { readonly name: string; readonly value?: string | null; readonly from?: string }[];
}

/** The container's environment as another revision has it. */
export type EnvironmentOf = (taskDefinition: string) => Promise<ReadonlyMap<string, string>>;

/** A registration that differs from its base in the changes and in the tag alone. */
export async function newRevision(
  base: TaskDefinition,
  baseTags: readonly Tag[],
  changes: RevisionChanges,
  actionId: string,
  environmentOf: EnvironmentOf,
): Promise<RegisterTaskDefinitionCommandInput> {
  const containers = base.containerDefinitions ?? [];
  if (!containers.some((one) => one.name === changes.container)) {
    throw new ToolFault('ContainerMissing', `the base has no container ${changes.container}`);
  }
  const containerDefinitions = await Promise.all(
    containers.map(async (one) =>
      one.name === changes.container ? changedContainer(one, changes, environmentOf) : one,
    ),
  );
  return {
    ...registrable(base),
    family: base.family,
    containerDefinitions,
    ...(changes.taskMemory === undefined ? {} : { memory: String(changes.taskMemory) }),
    ...(changes.taskCpu === undefined ? {} : { cpu: String(changes.taskCpu) }),
    tags: [...baseTags.filter((tag) => tag.key !== actionTag), { key: actionTag, value: actionId }],
  };
}

function registrable(base: TaskDefinition): Partial<RegisterTaskDefinitionCommandInput> {
  return Object.fromEntries(Object.entries(base).filter(([field]) => !givenByEcs.has(field)));
}

async function changedContainer(
  container: ContainerDefinition,
  changes: RevisionChanges,
  environmentOf: EnvironmentOf,
): Promise<ContainerDefinition> {
  return {
    ...container,
    ...(changes.containerMemory === undefined ? {} : { memory: changes.containerMemory }),
    ...(changes.containerCpu === undefined ? {} : { cpu: changes.containerCpu }),
    ...(changes.image === undefined ? {} : { image: changes.image }),
    ...(changes.environment === undefined
      ? {}
      : { environment: await changedEnvironment(container, changes, environmentOf) }),
  };
}

/** Variables keep their places; new ones come last. */
async function changedEnvironment(
  container: ContainerDefinition,
  changes: RevisionChanges,
  environmentOf: EnvironmentOf,
): Promise<{ name: string; value: string }[]> {
  const variables = new Map((container.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']));
  for (const { name, value, from } of changes.environment ?? []) {
    const wanted = from === undefined ? (value ?? undefined) : (await environmentOf(from)).get(name);
    if (wanted === undefined) variables.delete(name);
    else variables.set(name, wanted);
  }
  return [...variables].map(([name, value]) => ({ name, value }));
}
