import { programHarm } from '../../lib/harm.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../skill.ts';
import { findingsOf, fitness, type RevisionChange, revisionChangesOf } from './reading.ts';

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
  takesBack: true,
  propose(context) {
    const failing = findingsOf(context, ...reasons)[0];
    const changes = revisionChangesOf(context);
    const change = changes.find((one) => one.taskDefinition === failing?.facts?.['taskDefinition']) ?? changes[0];
    if (change === undefined) return [];
    // Nothing of its own fails: what else it changed has a remedy of its own.
    if (failing === undefined) return change.imageChanged ? [goingBack(change, 0.4)] : [];
    const image = failing.kind === 'aws-ecs.ImagePullFailed' || failing.kind === 'aws-ecs.StartFailed';
    return [
      // An image that cannot be had leaves nothing else to try; else the next deploy brings the fault again.
      goingBack(change, image ? 0.75 : isOtherAlone(change) ? otherFitness : change.imageChanged ? 0.4 : 0.25),
    ];
  },
};

/** Nothing but going back restores what is no image, size or variable. */
const otherFitness = 0.6;

/**
 * Another role, port or command can make a program do wrong that does not end: then nothing of the service itself need fail. Apart from
 * the remedy above, because one that lists a kind and proposes nothing for it may still name its cause.
 */
export const rollBackDefinition: Remedy = {
  id: 'aws-ecs.roll-back-definition',
  forKinds: ['aws-ecs.TaskDefinitionChanged', 'aws-ecs.TasksMissing', ...programHarm],
  cause: 'aws-ecs.BadRelease',
  takesBack: true,
  propose(context) {
    const [change] = revisionChangesOf(context);
    if (change === undefined || !isOtherAlone(change) || !isSuspect(change, context)) return [];
    return [goingBack(change, otherFitness)];
  },
};

/** Clocks of ECS and of what measures the harm, and the bins of the latter, may differ by so much. */
const skewMs = 60_000;

/** It is of the window, no task has failed (those that do have a remedy of their own), and not all that hurts was there before it. */
function isSuspect({ taskDefinition, at }: RevisionChange, context: RemedyContext): boolean {
  const told = findingsOf(context, 'TaskDefinitionChanged').map(({ facts }) => facts?.['taskDefinition']);
  if (!told.includes(taskDefinition) || findingsOf(context, ...reasons).length > 0) return false;
  const hurting = context.findings.filter(({ severity }) => severity !== 'Info');
  const wasThere = (since = at): boolean => Date.parse(since) < Date.parse(at) - skewMs;
  return hurting.length === 0 || hurting.some(({ since }) => !wasThere(since));
}

function isOtherAlone({ differences, others }: RevisionChange): boolean {
  return differences.length === 0 && others.length > 0;
}

function goingBack(change: RevisionChange, fit: number): ProposedFix {
  const { at, previousRevision, others } = change;
  const came = `the failures came with the revision of ${at}`;
  const why = isOtherAlone(change) ? `${came}, which changed ${others.join(', ')}` : came;
  return {
    action: 'aws-ecs.roll-back',
    parameters: { revision: previousRevision },
    rationale: `${why}: go back to revision ${previousRevision}`.slice(0, 500),
    fitness: fitness(fit),
  };
}
