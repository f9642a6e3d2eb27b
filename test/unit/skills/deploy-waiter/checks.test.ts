import { describe, expect, it } from 'vitest';
import { deploySettled } from '../../../../skills/deploy-waiter/checks.ts';
import type { CheckResult } from '../../../../skills/skill.ts';
import { at, contextOf, deploymentOf, ScriptedEcs, serviceOf, SteppingClock, taskOf } from '../aws-ecs/scripted-ecs.ts';

const thresholds = { stabilizationSeconds: 10, deployTimeoutSeconds: 20 };

async function check(change: (ecs: ScriptedEcs) => void): Promise<CheckResult & { readonly seconds: number }> {
  const ecs = new ScriptedEcs();
  ecs.define(1);
  ecs.running = [taskOf('a', { startedAt: at(25) })];
  change(ecs);
  const clock = new SteppingClock(at(30));
  const result = await deploySettled.run({ ...contextOf(ecs, {}, clock), thresholds });
  return { ...result, seconds: (clock.now().getTime() - Date.parse(at(30))) / 1000 };
}

describe('deploy-settled', () => {
  it('passes when all tasks have been up for long enough', async () => {
    expect(await check(() => undefined)).toMatchObject({ verdict: 'Pass', seconds: 5, value: 1, threshold: 1 });
  });

  it('fails at once when the circuit breaker has gone back since the act', async () => {
    const rolloutStateReason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    const back = (updatedAt: string) => (ecs: ScriptedEcs) => {
      ecs.service = serviceOf({ deployments: [deploymentOf({ rolloutStateReason, updatedAt })] });
    };
    expect(await check(back(at(5)))).toMatchObject({ verdict: 'Fail', seconds: 0 });
    expect(await check(back(at(-5)))).toMatchObject({ verdict: 'Pass' });
  });

  it('fails when only an event still tells of the deployment that failed', async () => {
    const message = '(service shop) (deployment ecs-svc/2) deployment failed: tasks failed to start.';
    const told = (createdAt: string) => (ecs: ScriptedEcs) => {
      ecs.service = serviceOf({ events: [{ createdAt, message }] });
    };
    const failed = await check(told(at(8)));
    expect(failed).toMatchObject({ verdict: 'Fail', seconds: 0 });
    expect(failed.summary).toContain('ecs-svc/2 failed; shop:1 runs');
    expect(await check(told(at(-8)))).toMatchObject({ verdict: 'Pass' });
  });

  it('tells stuck from slow when time runs out', async () => {
    const going = (failedTasks: number) => (ecs: ScriptedEcs) => {
      ecs.service = serviceOf({ deployments: [deploymentOf({ rolloutState: 'IN_PROGRESS', failedTasks })] });
    };
    const stuck = await check(going(3));
    expect(stuck).toMatchObject({ verdict: 'Fail', seconds: 30 });
    expect(stuck.summary).toContain('stuck after 30 s, 3 tasks of it failed');
    const slow = await check(going(0));
    expect(slow).toMatchObject({ verdict: 'Inconclusive', seconds: 30 });
    expect(slow.summary).toContain('slow');
  });
});
