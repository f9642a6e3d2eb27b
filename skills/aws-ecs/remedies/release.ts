import type { Remedy } from '../../skill.ts';
import { findingsOf, fitness, revisionChangesOf } from './reading.ts';

const reasons = [
  'OutOfMemory',
  'ExitedNonZero',
  'ExitedZero',
  'HealthCheckFailed',
  'ImagePullFailed',
  'StartFailed',
  'CircuitBreakerTripped',
  'RolloutFailed',
];

/** The revision that fails replaced one that did not: go back to it. Reverting the commit itself is for the source's skills. */
export const rollBackRelease: Remedy = {
  id: 'aws-ecs.roll-back-release',
  forKinds: reasons.map((reason) => `aws-ecs.${reason}`),
  cause: 'aws-ecs.BadRelease',
  propose(context) {
    const failing = findingsOf(context, ...reasons)[0];
    const changes = revisionChangesOf(context);
    const change = changes.find((one) => one.taskDefinition === failing?.facts?.['taskDefinition']) ?? changes[0];
    if (failing === undefined || change === undefined) return [];
    const image = failing.kind === 'aws-ecs.ImagePullFailed' || failing.kind === 'aws-ecs.StartFailed';
    return [
      {
        action: 'aws-ecs.roll-back',
        parameters: { revision: change.previousRevision },
        rationale: `the failures came with the revision of ${change.at}: go back to revision ${change.previousRevision}`,
        // An image that cannot be had leaves nothing else to try; else the next deploy brings the fault again.
        fitness: fitness(image ? 0.75 : change.imageChanged ? 0.4 : 0.25),
      },
    ];
  },
};
