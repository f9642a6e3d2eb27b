import type { EcsContainerDefinition } from '../../lib/ecs/model.ts';
import { shortName } from '../../lib/ecs/names.ts';
import { shownValue } from '../../lib/secret-like.ts';
import type { NewRevision } from './frozen.ts';
import type { Live } from './live.ts';

/** A variable as it will be; null where it will not be set. */
export interface WantedVariable {
  readonly name: string;
  readonly value: string | null;
}

/** Live against planned, for a person: values of secrets are redacted. */
export function revisionDiff(
  live: Live,
  container: EcsContainerDefinition,
  frozen: NewRevision,
  values: readonly WantedVariable[],
  notes: readonly string[],
): string {
  const { changes } = frozen;
  const { definition } = live;
  const lines = [
    `service ${shortName(live.target.service)} in ${shortName(live.target.cluster)}: a new revision after ${shortName(definition.arn)}`,
    ...changed('task memory', definition.memory, changes.taskMemory, ' MiB'),
    ...changed('task cpu', definition.cpu, changes.taskCpu, ''),
    `  container ${container.name}`,
    ...changed('memory', container.memory, changes.containerMemory, ' MiB'),
    ...changed('cpu', container.cpu, changes.containerCpu, ''),
    ...changed('image', container.image, changes.image, ''),
    ...values.flatMap(({ name, value }) => variableLines(name, container.environment[name], value)),
    ...notes.map((note) => `# ${note}`),
  ];
  return lines.join('\n');
}

function changed(
  what: string,
  from: string | number | undefined,
  to: string | number | undefined,
  unit: string,
): string[] {
  if (to === undefined) return [];
  return [...(from === undefined ? [] : [`-   ${what}: ${from}${unit}`]), `+   ${what}: ${to}${unit}`];
}

function variableLines(name: string, from: string | undefined, to: string | null): string[] {
  return [
    ...(from === undefined ? [] : [`-   ${name}=${shownValue(name, from)}`]),
    ...(to === null ? [] : [`+   ${name}=${shownValue(name, to)}`]),
  ];
}
