import type { ProbeContext, Rollout } from '../skill.ts';
import { imageCommit, imageTag } from '../lib/ecs/names.ts';
import { textOf } from '../lib/reading.ts';
import { getDeployment, targetOf } from './api.ts';
import type { Condition, Deployment } from './model.ts';

export type RolloutState = Pick<Rollout, 'state' | 'summary'>;

/** As `kubectl rollout status` judges it. */
export function rolloutState(deployment: Deployment): RolloutState {
  const { desired, updated, available, total, revision } = deployment;
  const counts = `revision ${revision}: ${updated} of ${desired} pods updated, ${available} available`;
  if (deployment.observedGeneration < deployment.generation)
    return { state: 'Progressing', summary: 'not yet observed' };
  const stalled = stalledCondition(deployment);
  if (stalled !== undefined) return { state: 'Failed', summary: `${counts}; ${stalled.message}` };
  const complete = updated >= desired && available >= desired && total <= updated;
  return { state: complete ? 'Settled' : 'Progressing', summary: counts };
}

export function stalledCondition({ conditions }: Deployment): Condition | undefined {
  return conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');
}

/** Since when it has fewer pods available than it may have. */
export function unavailableSince({ conditions }: Deployment): Date | undefined {
  return conditions.find(({ type, status }) => type === 'Available' && status === 'False')?.since;
}

/**
 * What runs of the container that the node is about (`container`, else the first): its tag, or the commit that it was built from where
 * the tag is such. Sidecars have versions of their own.
 */
export async function rollout({ node, tools, signal }: ProbeContext): Promise<Rollout> {
  const deployment = await getDeployment(tools, targetOf(node.with), signal);
  const wanted = textOf(node.with['container']);
  const own = deployment.template.containers.find(({ name }) => wanted === undefined || name === wanted);
  const version = own && (imageCommit(own.image) ?? imageTag(own.image));
  return { ...rolloutState(deployment), versions: version === undefined ? [] : [version] };
}
