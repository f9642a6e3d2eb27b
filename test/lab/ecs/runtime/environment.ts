import { dirname } from 'node:path';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';

/** Where the Node that runs the lab is, before the system's folders. */
const searchPath = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':');

/**
 * The whole environment of a container; nothing of ours comes through. The definition's variables go before those of the lab, and
 * PORT before all: inside a real container the container's port is free, here only the given one is.
 */
export function environmentOf(
  definition: ContainerDefinition,
  cwd: string,
  lab: Readonly<Record<string, string>>,
  port: number | undefined,
): Record<string, string> {
  const own = (definition.environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''] as const);
  return {
    HOME: cwd,
    PATH: searchPath,
    ...lab,
    ...Object.fromEntries(own.filter(([name]) => name !== '')),
    ...(port === undefined ? {} : { PORT: String(port) }),
  };
}
