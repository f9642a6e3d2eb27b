import type { Remedy } from '../../skill.ts';
import { findingsOf, fitness, kinds, newestChange } from './reading.ts';

const failing = [
  'ImagePullFailed',
  'StartFailed',
  'CrashLoop',
  'OutOfMemory',
  'NotReady',
  'Unschedulable',
  'RolloutStalled',
];

/** The revision that fails replaced one that did not: go back to it. */
export const undoRelease: Remedy = {
  id: 'kubernetes.undo-release',
  forKinds: kinds(...failing),
  cause: 'kubernetes.BadRelease',
  propose(context) {
    const change = newestChange(context);
    const findings = findingsOf(context, ...failing);
    if (change === undefined || findings.length === 0) return [];
    const image = change.differences.some((one) => one.image !== undefined);
    // An image that cannot be had leaves nothing else to try.
    const unusable = findings.some(
      ({ kind }) => kind === 'kubernetes.ImagePullFailed' || kind === 'kubernetes.StartFailed',
    );
    return [
      {
        action: 'kubernetes.undo-rollout',
        parameters: { revision: change.previousRevision },
        rationale: `the failures came with revision ${change.revision} at ${change.at}: go back to revision ${change.previousRevision}`,
        fitness: fitness(unusable && image ? 0.85 : image ? 0.6 : 0.4),
      },
    ];
  },
};
