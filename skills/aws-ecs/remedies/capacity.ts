import { numberOf } from '../../lib/reading.ts';
import type { Remedy, RemedyContext } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { findingsOf } from './reading.ts';

const failing = ['OutOfMemory', 'ExitedNonZero', 'ExitedZero', 'HealthCheckFailed', 'StartFailed'];

/** Tasks that die and are started again use their CPU for starting: then it is a consequence, hardly ever the cause. */
function doubt(context: RemedyContext): number {
  return findingsOf(context, ...failing).length > 0 ? 0.25 : 1;
}

export const raiseCpu: Remedy = {
  id: 'aws-ecs.raise-cpu',
  forKinds: ['aws-ecs.CpuSaturated'],
  cause: 'aws-ecs.CpuTooLow',
  propose(context) {
    const cpu = numberOf(findingsOf(context, 'CpuSaturated')[0]?.facts?.['cpu']);
    const most = limitsOf(context.node.with).maxCpu;
    if (cpu === undefined || cpu >= most) return [];
    const wanted = Math.min(most, cpu * 2);
    const rationale = `the tasks use all of their ${cpu} CPU units: give them ${wanted}`;
    const fitness = 0.4 * doubt(context);
    return [{ action: 'aws-ecs.update-task-definition', parameters: { cpu: wanted }, rationale, fitness }];
  },
};

export const restoreTasks: Remedy = {
  id: 'aws-ecs.restore-tasks',
  forKinds: ['aws-ecs.ScaledBelowMinimum'],
  cause: 'aws-ecs.ScaledDown',
  propose(context) {
    const { value: wanted, threshold: least } = findingsOf(context, 'ScaledBelowMinimum')[0] ?? {};
    if (wanted === undefined || least === undefined) return [];
    const rationale = `${wanted} tasks are wanted: have ${least}, as many as there have to be`;
    return [{ action: 'aws-ecs.scale', parameters: { by: least - wanted }, rationale, fitness: 0.85 }];
  },
};

export const addTask: Remedy = {
  id: 'aws-ecs.add-task',
  forKinds: ['aws-ecs.CpuSaturated'],
  cause: 'aws-ecs.TooFewTasks',
  propose: (context) => [
    {
      action: 'aws-ecs.scale',
      parameters: { by: 1 },
      rationale: 'the tasks are saturated: add one',
      fitness: 0.35 * doubt(context),
    },
  ],
};
