import type { JsonObject } from '../../../controller/api/json.ts';
import { isSecretLike, shownValue } from '../secret-like.ts';
import type { EcsContainerDefinition, EcsTaskDefinition } from './model.ts';

/** A variable that differs; null where it is not set. Values of secrets are redacted. */
export type VariableDifference = {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly redacted: boolean;
};

type NumberDifference = { readonly from: number | null; readonly to: number | null };

/** What two revisions differ in, in one container. Only what differs is there; sizes are MiB and CPU units. */
export type ContainerDifference = {
  readonly container: string;
  readonly image?: { readonly from: string; readonly to: string };
  readonly memory?: NumberDifference;
  readonly cpu?: NumberDifference;
  readonly environment?: readonly VariableDifference[];
};

/** The hard limit that binds a container: its own, else its task's. */
export function memoryLimit(definition: EcsTaskDefinition, container: EcsContainerDefinition): number | undefined {
  return container.memory ?? definition.memory;
}

export function cpuShare(definition: EcsTaskDefinition, container: EcsContainerDefinition): number | undefined {
  return container.cpu !== undefined && container.cpu > 0 ? container.cpu : definition.cpu;
}

/** Containers that both revisions have and that differ in what this project knows how to change. */
export function differences(from: EcsTaskDefinition, to: EcsTaskDefinition): readonly ContainerDifference[] {
  return to.containers.flatMap((now) => {
    const before = from.containers.find((one) => one.name === now.name);
    if (before === undefined) return [];
    const difference = {
      container: now.name,
      ...(before.image === now.image ? {} : { image: { from: before.image, to: now.image } }),
      ...numberDifference('memory', memoryLimit(from, before), memoryLimit(to, now)),
      ...numberDifference('cpu', cpuShare(from, before), cpuShare(to, now)),
      ...environmentDifference(before, now),
    };
    return Object.keys(difference).length > 1 ? [difference] : [];
  });
}

function numberDifference(key: 'memory' | 'cpu', from: number | undefined, to: number | undefined): JsonObject {
  return from === to ? {} : { [key]: { from: from ?? null, to: to ?? null } };
}

function environmentDifference(
  before: EcsContainerDefinition,
  now: EcsContainerDefinition,
): { environment?: readonly VariableDifference[] } {
  const names = [...new Set([...Object.keys(before.environment), ...Object.keys(now.environment)])].toSorted();
  const environment = names.flatMap((name) => {
    const from = before.environment[name];
    const to = now.environment[name];
    return from === to ? [] : [variableDifference(name, from, to)];
  });
  return environment.length === 0 ? {} : { environment };
}

function variableDifference(name: string, from: string | undefined, to: string | undefined): VariableDifference {
  const shownFrom = from === undefined ? null : shownValue(name, from);
  const shownTo = to === undefined ? null : shownValue(name, to);
  const redacted = [from, to].some((value) => value !== undefined && isSecretLike(name, value));
  return { name, from: shownFrom, to: shownTo, redacted };
}

/** `memory 512 -> 256 MiB, DB_HOST "a" -> "b"`: for a person. */
export function describeDifference(difference: ContainerDifference): string {
  const { image, memory, cpu, environment } = difference;
  return [
    ...(image === undefined ? [] : [`image ${image.from} -> ${image.to}`]),
    ...(memory === undefined ? [] : [`memory ${memory.from ?? 'unset'} -> ${memory.to ?? 'unset'} MiB`]),
    ...(cpu === undefined ? [] : [`cpu ${cpu.from ?? 'unset'} -> ${cpu.to ?? 'unset'}`]),
    ...(environment ?? []).map(({ name, from, to }) => `${name} ${quoted(from)} -> ${quoted(to)}`),
  ].join(', ');
}

function quoted(value: string | null): string {
  return value === null ? 'unset' : JSON.stringify(value);
}
