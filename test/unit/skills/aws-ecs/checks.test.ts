import { describe, expect, it } from 'vitest';
import { tasksStable } from '../../../../skills/aws-ecs/checks.ts';
import type { CheckResult } from '../../../../skills/skill.ts';
import {
  arn,
  at,
  contextOf,
  deploymentOf,
  oom,
  ScriptedEcs,
  serviceOf,
  SteppingClock,
  stoppedTask,
  taskOf,
} from './scripted-ecs.ts';

function check(change: (ecs: ScriptedEcs) => void, startSecond = 30, stabilizationSeconds = 10): Promise<CheckResult> {
  const ecs = new ScriptedEcs();
  ecs.define(1);
  ecs.running = [taskOf('a', { startedAt: at(25) })];
  change(ecs);
  const clock = new SteppingClock(at(startSecond));
  return tasksStable.run({ ...contextOf(ecs, {}, clock), thresholds: { stabilizationSeconds } });
}

describe('tasks-stable', () => {
  it('waits until the tasks have been steady for long enough', async () => {
    expect(await check(() => undefined)).toMatchObject({ verdict: 'Pass', value: 10, threshold: 10, unit: 's' });
  });

  it('passes at once when they already have', async () => {
    expect(await check(() => undefined, 50)).toMatchObject({ verdict: 'Pass', value: 25 });
  });

  it('fails as soon as a task of the deployment fails', async () => {
    const failed = await check((ecs) => (ecs.stopped = [stoppedTask('x', { stoppedAt: at(28) }, oom)]));
    expect(failed).toMatchObject({ verdict: 'Fail' });
    expect(failed.summary).toContain('OutOfMemory');
  });

  it('does not mind failures of the deployment that was replaced, nor ones before the act', async () => {
    const result = await check((ecs) => {
      ecs.stopped = [
        stoppedTask('x', { startedBy: 'ecs-svc/0', taskDefinitionArn: arn(0) }, oom),
        stoppedTask('y', { stoppedAt: at(-5) }, oom),
      ];
    });
    expect(result).toMatchObject({ verdict: 'Pass' });
  });

  it('gives up on a rollout that never completes', async () => {
    const result = await check(
      (ecs) => (ecs.service = serviceOf({ deployments: [deploymentOf({ rolloutState: 'IN_PROGRESS' })] })),
    );
    expect(result).toMatchObject({ verdict: 'Fail', value: 0 });
  });

  it('counts the tasks of a large service too', async () => {
    const result = await check((ecs) => {
      ecs.service = serviceOf({
        desiredCount: 250,
        runningCount: 250,
        deployments: [deploymentOf({ desiredCount: 250, runningCount: 250 })],
      });
      ecs.running = Array.from({ length: 250 }, (_, index) => taskOf(`t${index}`, { startedAt: at(25) }));
    });
    expect(result).toMatchObject({ verdict: 'Pass' });
  });

  it('is inconclusive when no task is wanted', async () => {
    expect(await check((ecs) => (ecs.service = serviceOf({ desiredCount: 0, runningCount: 0 })))).toMatchObject({
      verdict: 'Inconclusive',
    });
  });
});
