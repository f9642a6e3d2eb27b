import { PlanRefused } from '../../lib/plan-refused.ts';
import type { EcsContainerDefinition, EcsTaskDefinition } from '../../lib/ecs/model.ts';

/** The sizes that a new revision sets; only those that change. MiB and CPU units. */
export interface SizeChanges {
  readonly containerMemory?: number;
  readonly taskMemory?: number;
  readonly containerCpu?: number;
  readonly taskCpu?: number;
}

/** Fargate's sizes of tasks: CPU units, then memory from, to and step in MiB. @see the ECS developer guide, task CPU and memory */
const fargateSizes = [
  [256, 512, 512, 512],
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16384, 1024],
  [4096, 8192, 30720, 1024],
  [8192, 16384, 61440, 4096],
  [16384, 32768, 122880, 8192],
] as const;

/** Gives one container more memory or CPU, and the task enough for all of its containers; nothing where neither is wanted. */
export function sizeChanges(
  definition: EcsTaskDefinition,
  container: EcsContainerDefinition,
  wanted: { readonly memory?: number; readonly cpu?: number },
): SizeChanges {
  if (wanted.memory === undefined && wanted.cpu === undefined) return {};
  const own = {
    ...(wanted.memory !== undefined && hasOwnMemory(definition, container) ? { containerMemory: wanted.memory } : {}),
    ...(wanted.cpu !== undefined && hasOwnCpu(definition, container) ? { containerCpu: wanted.cpu } : {}),
  };
  return { ...own, ...taskChanges(definition, container, wanted) };
}

function hasOwnMemory(definition: EcsTaskDefinition, container: EcsContainerDefinition): boolean {
  return container.memory !== undefined || definition.memory === undefined;
}

function hasOwnCpu(definition: EcsTaskDefinition, container: EcsContainerDefinition): boolean {
  return (container.cpu ?? 0) > 0 || definition.cpu === undefined;
}

function taskChanges(
  definition: EcsTaskDefinition,
  container: EcsContainerDefinition,
  wanted: { readonly memory?: number; readonly cpu?: number },
): SizeChanges {
  const others = definition.containers.filter((one) => one !== container);
  const memory =
    total(others.map((one) => one.memory ?? one.memoryReservation ?? 0)) + (wanted.memory ?? container.memory ?? 0);
  const cpu = total(others.map((one) => one.cpu ?? 0)) + (wanted.cpu ?? container.cpu ?? 0);
  const needed = { memory: Math.max(memory, definition.memory ?? 0), cpu: Math.max(cpu, definition.cpu ?? 0) };
  const sized = definition.fargate ? fargateSize(needed) : needed;
  return {
    ...(definition.memory === undefined || sized.memory === definition.memory ? {} : { taskMemory: sized.memory }),
    ...(definition.cpu === undefined || sized.cpu === definition.cpu ? {} : { taskCpu: sized.cpu }),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function fargateSize(needed: { readonly memory: number; readonly cpu: number }): { memory: number; cpu: number } {
  for (const [cpu, from, to, step] of fargateSizes) {
    if (cpu < needed.cpu || to < needed.memory) continue;
    return { cpu, memory: Math.max(from, Math.ceil(needed.memory / step) * step) };
  }
  throw new PlanRefused('SizeNotOffered', `Fargate offers no task of ${needed.cpu} CPU units and ${needed.memory} MiB`);
}
