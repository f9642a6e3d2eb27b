import { type ContainerDifference, containerDifference, type ContainerState } from '../container-difference.ts';
import { otherDifferences } from '../other-differences.ts';
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

/** Paths of what else differs. The sizes of the task are among them where no container tells of them: each has its own. */
export function othersIn(from: EcsTaskDefinition, to: EcsTaskDefinition): readonly string[] {
  const told = new Set(differences(from, to).flatMap((one) => Object.keys(one)));
  return otherDifferences(from.others, to.others).filter((path) => !told.has(path));
}

function stateOf(definition: EcsTaskDefinition, container: EcsContainerDefinition): ContainerState {
  const [memory, cpu] = [memoryLimit(definition, container), cpuShare(definition, container)];
  return { name: container.name, image: container.image, environment: container.environment, memory, cpu };
}
