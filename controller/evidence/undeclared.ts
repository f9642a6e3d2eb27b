import type { Finding } from './finding.ts';

/**
 * The kind of finding that tells of a map that says less than what is there. It is about the map and not about the world: nothing is
 * explained by it and nothing blamed for it.
 */
export const undeclaredDependency = 'topology.UndeclaredDependency';

/** Whether a finding is about the world. */
export function isOfTheWorld({ kind }: Finding): boolean {
  return kind !== undeclaredDependency;
}
