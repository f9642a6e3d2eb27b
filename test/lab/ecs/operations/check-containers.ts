import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientError } from '../protocol/ecs-error.ts';

/** ECS's own floor for a hard limit. */
const smallestMemoryMiB = 6;

/** The container definitions of a request with the defaults that ECS adds; throws ClientException for what ECS refuses. */
export function checkContainers(input: RegisterTaskDefinitionRequest): ContainerDefinition[] {
  const definitions = input.containerDefinitions ?? [];
  if (definitions.length === 0) throw clientError('Container list cannot be empty.');
  const names = definitions.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw clientError('Container names must be unique.');
  for (const definition of definitions) checkContainer(definition, input);
  if (definitions.every(({ essential }) => essential === false)) {
    throw clientError('At least one essential container is required.');
  }
  return definitions.map((definition) => withDefaults(definition, input.networkMode));
}

function checkContainer(definition: ContainerDefinition, input: RegisterTaskDefinitionRequest): void {
  const { name, image, memory, memoryReservation, healthCheck } = definition;
  if (name === undefined || name === '') throw clientError('Container.name should not be null or empty.');
  if (image === undefined || image === '') throw clientError('Container.image should not be null or empty.');
  if (memory === undefined && memoryReservation === undefined && input.memory === undefined) {
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && (!Number.isInteger(memory) || memory < smallestMemoryMiB)) {
    throw clientError(`Invalid setting for container '${name}'. 'memory' must be at least ${smallestMemoryMiB} MiB.`);
  }
  if (healthCheck !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(healthCheck.command?.[0] ?? '')) {
    throw clientError(`Invalid health check for container '${name}': its command begins with CMD or CMD-SHELL.`);
  }
}

function withDefaults(definition: ContainerDefinition, networkMode: string | undefined): ContainerDefinition {
  const { healthCheck } = definition;
  return {
    ...definition,
    cpu: definition.cpu ?? 0,
    essential: definition.essential ?? true,
    environment: definition.environment ?? [],
    mountPoints: definition.mountPoints ?? [],
    volumesFrom: definition.volumesFrom ?? [],
    systemControls: definition.systemControls ?? [],
    portMappings: (definition.portMappings ?? []).map((mapping) => ({
      ...mapping,
      hostPort: mapping.hostPort ?? (networkMode === 'awsvpc' ? mapping.containerPort : 0),
      protocol: mapping.protocol ?? 'tcp',
    })),
    ...(healthCheck === undefined ? {} : { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } }),
  };
}
