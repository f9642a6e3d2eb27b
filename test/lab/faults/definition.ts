import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Lab, Landed } from '../world/lab.ts';
import type { ServiceRole } from '../world/names.ts';

export const definitionFile = 'deploy/task-definition.json';

/** The service's file, in the shape of ECS's RegisterTaskDefinition. */
interface Definition {
  readonly containerDefinitions: readonly ContainerDefinition[];
}

/** Staging has room for one task: the old one ends before the new one starts, as it is with many a staging. */
export async function allowDowntime({ ecsClient, names }: Lab, role: ServiceRole): Promise<void> {
  await ecsClient.send(
    new UpdateServiceCommand({
      cluster: names.cluster,
      service: names[role],
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
  );
}

/** A developer changes every container of the service's definition; its workflow deploys it. */
export async function commitDefinition(
  lab: Lab,
  role: ServiceRole,
  message: string,
  change: (container: ContainerDefinition) => ContainerDefinition,
): Promise<Landed> {
  // The lab's own file.
  const definition = JSON.parse(await lab.readFile(role, definitionFile)) as Definition;
  const changed = { ...definition, containerDefinitions: definition.containerDefinitions.map(change) };
  return lab.commit(role, { message, files: { [definitionFile]: `${JSON.stringify(changed, undefined, 2)}\n` } });
}

/** Somebody changes every container of what the service runs, past the pipeline, and deploys it. */
export async function deployByHand(
  { ecsClient, names }: Lab,
  role: ServiceRole,
  change: (container: ContainerDefinition) => ContainerDefinition,
): Promise<void> {
  const current = await ecsClient.send(new DescribeTaskDefinitionCommand({ taskDefinition: names[role] }));
  const {
    family,
    networkMode,
    requiresCompatibilities,
    containerDefinitions = [],
    cpu,
    memory,
  } = current.taskDefinition ?? {};
  const containers = containerDefinitions.map(change);
  const definition = { family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions: containers };
  const { taskDefinition } = await ecsClient.send(new RegisterTaskDefinitionCommand(definition));
  await deployRevision({ ecsClient, names }, role, taskDefinition?.taskDefinitionArn ?? '');
}

/** Somebody has the service run this revision. */
export async function deployRevision(
  { ecsClient, names }: Pick<Lab, 'ecsClient' | 'names'>,
  role: ServiceRole,
  taskDefinition: string,
): Promise<void> {
  await ecsClient.send(new UpdateServiceCommand({ cluster: names.cluster, service: names[role], taskDefinition }));
}

/** The service as ECS describes it. */
export async function described({ ecsClient, names }: Lab, role: ServiceRole): Promise<Service> {
  const input = { cluster: names.cluster, services: [names[role]] };
  const { services = [] } = await ecsClient.send(new DescribeServicesCommand(input));
  return services[0] ?? {};
}

/** The container with a variable set to a value. */
export function withVariable(container: ContainerDefinition, name: string, value: string): ContainerDefinition {
  const others = (container.environment ?? []).filter((variable) => variable.name !== name);
  return { ...container, environment: [...others, { name, value }] };
}
