import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ResolvedImage } from '../options.ts';

/** As Docker puts it together: an entryPoint drops the image's command, a command replaces it. */
export function commandOf({ entryPoint, command }: ContainerDefinition, image: ResolvedImage): readonly string[] {
  const given = command !== undefined && command.length > 0 ? command : undefined;
  if (entryPoint !== undefined && entryPoint.length > 0) return [...entryPoint, ...(given ?? [])];
  return given ?? image.command;
}
