import type { DeploymentChanges } from './deployment-changes.ts';
import type { Deployment } from './model.ts';

/**
 * The version of that part of the spec which the changes are about: what they are fenced by. An autoscaler that writes `replicas`
 * moves the generation, and does not touch what a change of the template rests on.
 */
export function specVersion({ generation, templateDigest }: Deployment, changes: DeploymentChanges): string {
  return changes.replicas === undefined ? `template ${templateDigest}` : `generation ${generation}`;
}
