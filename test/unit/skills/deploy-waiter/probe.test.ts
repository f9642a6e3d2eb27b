import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { probe } from '../../../../skills/deploy-waiter/probe.ts';
import {
  arn,
  at,
  contextOf,
  deploymentOf,
  ScriptedEcs,
  serviceOf,
  stoppedTask,
  taskOf,
} from '../aws-ecs/scripted-ecs.ts';

const limits = { deployTimeoutSeconds: 30, stabilizationSeconds: 10 };
const healthCheck = { command: ['CMD-SHELL', 'curl -f localhost/ready'], interval: 300, retries: 10 };

function world(change: (ecs: ScriptedEcs) => void): ScriptedEcs {
  const ecs = new ScriptedEcs();
  ecs.define(1);
  ecs.define(2);
  ecs.running = [taskOf('a')];
  change(ecs);
  return ecs;
}

/** Looked at a minute after the first deployment began. */
async function found(ecs: ScriptedEcs): Promise<readonly Finding[]> {
  return (await probe(contextOf(ecs, limits))).findings;
}

const kinds = async (ecs: ScriptedEcs): Promise<readonly string[]> =>
  (await found(ecs)).map(({ kind, severity }) => `${severity} ${kind.replace('deploy-waiter.', '')}`);

/** Revision 2 is to take the place of revision 1 since second 10. */
function rollingOut(ecs: ScriptedEcs, primary: JsonObject = {}, service: JsonObject = {}): void {
  const going = { id: 'ecs-svc/2', taskDefinition: arn(2), createdAt: at(10), rolloutState: 'IN_PROGRESS' };
  const older = deploymentOf({ status: 'ACTIVE' });
  ecs.past = [
    { revision: 2, status: 'IN_PROGRESS', createdAt: at(10), startedAt: at(10) },
    { revision: 1, status: 'SUCCESSFUL', createdAt: at(0), startedAt: at(0), finishedAt: at(4) },
  ];
  ecs.service = serviceOf({
    taskDefinition: arn(2),
    deployments: [deploymentOf({ runningCount: 0, ...going, ...primary }), older],
    ...service,
  });
}

const own = (id: string, change: JsonObject = {}): JsonObject =>
  taskOf(id, { startedBy: 'ecs-svc/2', taskDefinitionArn: arn(2), startedAt: at(12), ...change });

describe('a deployment at rest', () => {
  it('is nothing to tell of, and the service is the same as to aws-ecs', async () => {
    const result = await probe(
      contextOf(
        world(() => undefined),
        limits,
      ),
    );
    expect(result).toMatchObject({ findings: [], changes: [], series: [], gaps: [], identity: 'ecs:staging/shop' });
  });

  it('does not hold where its tasks fail again and again after it was complete', async () => {
    const failing = (upSince: number, stoppedAt = at(55)) =>
      world((ecs) => {
        ecs.running = [taskOf('b', { startedAt: at(upSince) })];
        ecs.stopped = [stoppedTask('x', { stoppedAt }, { exitCode: 1 })];
      });
    expect(await found(failing(56))).toMatchObject([
      { kind: 'deploy-waiter.Unsteady', severity: 'Warning', since: at(55), value: 4, threshold: 10, unit: 's' },
    ]);
    expect(await kinds(failing(30))).toEqual([]);
    expect(await kinds(failing(56, at(3)))).toEqual([]);
  });

  it('costs a gap where the server does not tell of earlier ones', async () => {
    const ecs = world((one) => one.broken.set('ListServiceDeployments', new Error('not allowed')));
    const { findings, gaps } = await probe(contextOf(ecs, limits));
    expect({ findings, gaps }).toEqual({
      findings: [],
      gaps: [{ node: 'shop/ecs', what: 'earlier deployments', reason: 'not allowed' }],
    });
  });
});

describe('a deployment that goes on', () => {
  it('is nothing to tell of while it may', async () => {
    expect(await kinds(world((ecs) => rollingOut(ecs, { createdAt: at(31) })))).toEqual([]);
  });

  it('is slow where none of its tasks has failed, and told with what is usual', async () => {
    const [slow] = await found(world((ecs) => rollingOut(ecs, { pendingCount: 1 })));
    expect(slow).toMatchObject({
      kind: 'deploy-waiter.DeploymentSlow',
      severity: 'Warning',
      since: at(10),
      value: 50,
      threshold: 30,
      unit: 's',
      source: 'ecs_resource_management DescribeServices staging/shop',
    });
    expect(slow?.summary).toBe(
      'shop:2 is not at rest after 50 s of 30 s (earlier ones took 4 s at most): 0 of 1 tasks run, 1 are pending, none has failed',
    );
  });

  it('is stuck where its tasks fail, which is worse where nothing else serves', async () => {
    const stuck = (running: number) =>
      world((ecs) => {
        rollingOut(ecs, { failedTasks: 2 }, { runningCount: running });
        const task = { startedBy: 'ecs-svc/2', taskDefinitionArn: arn(2), stoppedAt: at(50) };
        ecs.stopped = [stoppedTask('x', task, { exitCode: 3, reason: 'no such host' })];
      });
    expect(await kinds(stuck(0))).toEqual(['Critical DeploymentStuck']);
    const [beside] = await found(stuck(1));
    expect(beside).toMatchObject({
      severity: 'Warning',
      facts: { waitsFor: 'Tasks', previousRevision: 1, revision: 2 },
    });
    expect(beside?.summary).toContain('2 of its tasks have failed, the last by ExitedNonZero (no such host)');
  });

  it('is stuck where its tasks are up for longer than any rollout took, and none has passed its health check', async () => {
    const waiting = (task: JsonObject, container: JsonObject = { healthCheck }) =>
      world((ecs) => {
        rollingOut(ecs, { runningCount: 1 });
        ecs.define(2, {}, container);
        ecs.running = [own('b', task)];
      });
    expect(await found(waiting({ healthStatus: 'UNKNOWN' }))).toMatchObject([
      {
        kind: 'deploy-waiter.DeploymentStuck',
        severity: 'Critical',
        facts: { waitsFor: 'Health', upSeconds: 48, judgedAfterSeconds: 3000, previousRevision: 1 },
      },
    ]);
    expect(await kinds(waiting({ healthStatus: 'UNKNOWN', startedAt: at(57) }))).toEqual(['Warning DeploymentSlow']);
    const starting = { healthCheck: { ...healthCheck, startPeriod: 120 } };
    expect(await kinds(waiting({ healthStatus: 'UNKNOWN' }, starting))).toEqual(['Warning DeploymentSlow']);
    expect(await kinds(waiting({ healthStatus: 'HEALTHY' }))).toEqual(['Warning DeploymentSlow']);
    expect(await kinds(waiting({ healthStatus: 'UNKNOWN' }, {}))).toEqual(['Warning DeploymentSlow']);
  });

  it('on its way back, began when ECS turned', async () => {
    const rolloutStateReason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    const back = (updatedAt: string) =>
      world((ecs) => {
        const deployment = deploymentOf({ rolloutState: 'IN_PROGRESS', rolloutStateReason, updatedAt });
        ecs.service = serviceOf({ deployments: [deployment] });
      });
    expect(await kinds(back(at(50)))).toEqual([]);
    expect(await found(back(at(20)))).toMatchObject([{ since: at(20), value: 40 }]);
  });

  it.each([
    [1, 50, 150, ['Critical DeploymentBlocked']],
    [1, 100, 150, ['Critical DeploymentBlocked']],
    [2, 75, 125, ['Critical DeploymentBlocked']],
    [2, 50, 125, []],
    [2, 75, 150, []],
    [1, 0, 100, []],
    [1, 100, 200, []],
  ])(
    'of %i tasks, with %i to %i %%, can begin or not',
    async (desired, minimumHealthyPercent, maximumPercent, told) => {
      const ecs = world((one) => {
        const deploymentConfiguration = { minimumHealthyPercent, maximumPercent };
        const service = { deploymentConfiguration, desiredCount: desired, runningCount: desired };
        rollingOut(one, { createdAt: at(55) }, service);
      });
      expect(await kinds(ecs)).toEqual(told);
    },
  );

  it('is not blocked where a task is missing for which there is room', async () => {
    const deploymentConfiguration = { minimumHealthyPercent: 75, maximumPercent: 125 };
    const ecs = world((one) =>
      rollingOut(one, { createdAt: at(55) }, { deploymentConfiguration, desiredCount: 2, runningCount: 1 }),
    );
    expect(await kinds(ecs)).toEqual([]);
  });
});

describe('a service that runs an earlier revision', () => {
  const succeeded = (revision: number, second: number): JsonObject & { revision: number } => ({
    revision,
    status: 'SUCCESSFUL',
    createdAt: at(second),
    startedAt: at(second),
    finishedAt: at(second + 2),
  });

  it('tells since when, and what each of them was, where somebody asked for it', async () => {
    const ecs = world((one) => {
      one.define(2, {}, { image: 'shop:bbbbbbb' });
      one.past = [succeeded(1, 40), succeeded(1, 30), succeeded(2, 20), succeeded(1, 0)];
    });
    const [finding] = await found(ecs);
    expect(finding).toMatchObject({
      kind: 'deploy-waiter.RolledBack',
      severity: 'Info',
      since: at(30),
      value: 1,
      threshold: 2,
      unit: 'revision',
      source: 'ecs_resource_management ListServiceDeployments staging/shop',
      facts: {
        by: 'Request',
        takenBack: arn(2),
        differences: [{ container: 'app', image: { from: 'shop:bbbbbbb', to: 'shop:aaaaaaa' } }],
      },
    });
    expect(finding?.summary).toContain('shop:1 (aaaaaaa) runs in the place of shop:2 (bbbbbbb)');
  });

  it('is as it should be where that one had never come to rest', async () => {
    const ecs = world((one) => {
      one.past = [succeeded(1, 40), { ...succeeded(2, 20), status: 'STOPPED' }, succeeded(1, 0)];
    });
    expect(await kinds(ecs)).toEqual([]);
  });

  it('is a warning while it is news that ECS went back', async () => {
    const back = (finishedAt: string) =>
      world((ecs) => {
        const statusReason = 'the circuit breaker threshold was exceeded';
        ecs.past = [{ ...succeeded(2, 20), status: 'ROLLBACK_SUCCESSFUL', statusReason, finishedAt }, succeeded(1, 0)];
      });
    expect(await kinds(back(at(30)))).toEqual(['Warning RolledBack']);
    expect(await kinds(back(at(-30)))).toEqual(['Info RolledBack']);
    expect((await found(back(at(30))))[0]).toMatchObject({ since: at(30), facts: { by: 'Ecs', takenBackRevision: 2 } });
  });
});
