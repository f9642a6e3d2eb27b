import type { Remedy } from '../../skill.ts';
import { findingsOf } from './reading.ts';

const explained = ['OutOfMemory', 'ExitedNonZero', 'ExitedZero', 'HealthCheckFailed', 'ImagePullFailed', 'StartFailed'];

/** Tasks are missing and nothing says why: a new deployment places them anew. Little to lose, little to hope. */
export const renewDeployment: Remedy = {
  id: 'aws-ecs.renew-deployment',
  forKinds: ['aws-ecs.TasksMissing'],
  cause: 'aws-ecs.TasksStuck',
  propose(context) {
    const missing = findingsOf(context, 'TasksMissing').some(({ severity }) => severity !== 'Info');
    if (!missing || findingsOf(context, ...explained).length > 0) return [];
    const rationale = 'tasks are missing and none has failed: start all of them anew';
    return [{ action: 'aws-ecs.force-new-deployment', parameters: {}, rationale, fitness: 0.2 }];
  },
};
