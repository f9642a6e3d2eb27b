import { type ContainerDifference, containerDifference, type ContainerState } from '../container-difference.ts';
import { isDefined } from '../reading.ts';
import type { EcsContainerDefinition, EcsTaskDefinition } from './model.ts';

/** The hard limit that binds a container: its own, else its task's. */
export function memoryLimit(definition: EcsTaskDefinition, container: EcsContainerDefinition): number | undefined {
  return container.memory ?? definition.memory;
}

export function cpuShare(definition: EcsTaskDefinition, container: EcsContainerDefinition): number | undefined {
  return container.cpu !== undefined && container.cpu > 0 ? container.cpu : definition.cpu;
}

/** Containers that both revisions have and that differ in what this project knows how to change. */
export function differences(from: EcsTaskDefinition, to: EcsTaskDefinition): readonly ContainerDifference[] {
  return to.containers
    .map((now) => {
      const before = from.containers.find((one) => one.name === now.name);
      return before === undefined ? undefined : containerDifference(stateOf(from, before), stateOf(to, now));
    })
    .filter(isDefined);
}

function stateOf(definition: EcsTaskDefinition, container: EcsContainerDefinition): ContainerState {
  const [memory, cpu] = [memoryLimit(definition, container), cpuShare(definition, container)];
  return { name: container.name, image: container.image, environment: container.environment, memory, cpu };
}
