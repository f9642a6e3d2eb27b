import type { Finding } from '../../../controller/evidence/finding.ts';
import type { Remedy } from '../../skill.ts';
import { touchesPlacement } from './placement.ts';
import { findingsOf, fitness, kinds, newestChange, type RevisionChange } from './reading.ts';

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
  takesBack: true,
  propose(context) {
    const change = newestChange(context);
    const findings = findingsOf(context, ...failing);
    if (change === undefined) return [];
    return [
      {
        action: 'kubernetes.undo-rollout',
        parameters: { revision: change.previousRevision },
        rationale: `the failures came with revision ${change.revision} at ${change.at}: go back to revision ${change.previousRevision}`,
        fitness: fitness(fitnessOf(change, findings)),
      },
    ];
  },
};

/** Going back alone restores what is no image, limit or variable; those have remedies of their own. */
function fitnessOf(change: RevisionChange, findings: readonly Finding[]): number {
  const fails = (...reasons: readonly string[]): boolean =>
    findings.some(({ kind }) => kinds(...reasons).includes(kind));
  const image = change.differences.some((one) => one.image !== undefined);
  // An image that cannot be had leaves nothing else to try.
  if (image && fails('ImagePullFailed', 'StartFailed')) return 0.85;
  if (fails('Unschedulable') && touchesPlacement(change)) return 0.7;
  const placed = findings.length === 0 || findings.some(({ kind }) => kind !== 'kubernetes.Unschedulable');
  return image || (change.differences.length === 0 && placed) ? 0.6 : 0.4;
}
