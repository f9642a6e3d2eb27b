import { describeVariables, type VariableDifference, variableDifferences } from './variables.ts';

type NumberDifference = { readonly from: number | null; readonly to: number | null };

/** What two revisions differ in, in one container. Only what differs is there; memory in MiB, cpu in the system's own unit. */
export type ContainerDifference = {
  readonly container: string;
  readonly image?: { readonly from: string; readonly to: string };
  readonly memory?: NumberDifference;
  readonly cpu?: NumberDifference;
  readonly environment?: readonly VariableDifference[];
};

/** A container as a revision has it, as far as this project knows how to change it. */
export interface ContainerState {
  readonly name: string;
  readonly image: string;
  readonly memory: number | undefined;
  readonly cpu: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Undefined where nothing differs. */
export function containerDifference(before: ContainerState, now: ContainerState): ContainerDifference | undefined {
  const difference = {
    container: now.name,
    ...(before.image === now.image ? {} : { image: { from: before.image, to: now.image } }),
    ...numberDifference('memory', before.memory, now.memory),
    ...numberDifference('cpu', before.cpu, now.cpu),
    ...environmentDifference(before, now),
  };
  return Object.keys(difference).length > 1 ? difference : undefined;
}

function numberDifference(
  key: 'memory' | 'cpu',
  from: number | undefined,
  to: number | undefined,
): Pick<ContainerDifference, 'memory' | 'cpu'> {
  return from === to ? {} : { [key]: { from: from ?? null, to: to ?? null } };
}

function environmentDifference(before: ContainerState, now: ContainerState): Pick<ContainerDifference, 'environment'> {
  const environment = variableDifferences(before.environment, now.environment);
  return environment.length === 0 ? {} : { environment };
}

/** `memory 512 -> 256 MiB, DB_HOST "a" -> "b"`: for a person. */
export function describeDifference(difference: ContainerDifference): string {
  const { image, memory, cpu, environment } = difference;
  return [
    ...(image === undefined ? [] : [`image ${image.from} -> ${image.to}`]),
    ...(memory === undefined ? [] : [`memory ${memory.from ?? 'unset'} -> ${memory.to ?? 'unset'} MiB`]),
    ...(cpu === undefined ? [] : [`cpu ${cpu.from ?? 'unset'} -> ${cpu.to ?? 'unset'}`]),
    ...describeVariables(environment ?? []),
  ].join(', ');
}
