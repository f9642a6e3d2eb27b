import {
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../parts/process.ts';
import { startTestLab, there, type TestLab } from './fixtures/lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab();
});
afterAll(() => lab.close());

const version = (value: string) => ({ environment: [{ name: 'VERSION', value }] });
const breaker = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

async function messages(service: string): Promise<string[]> {
  return there((await lab.service(service)).events).map(({ message }) => message ?? '');
}

async function answeringVersion(service: string): Promise<string> {
  return ((await (await lab.get(service, '/')).json()) as { version: string }).version;
}

describe('a deployment', () => {
  it('brings up all tasks, completes and says so', async () => {
    await lab.create('pair', await lab.register('pair', version('v1')), { desiredCount: 2 });
    expect(await lab.primary('pair')).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      desiredCount: 2,
    });
    const done = await lab.rollout('pair', 'COMPLETED');
    expect(done).toMatchObject({ runningCount: 2, pendingCount: 0, failedTasks: 0 });
    expect(done.rolloutStateReason).toBe(`ECS deployment ${done.id} completed.`);
    expect(await messages('pair')).toEqual([
      '(service pair) has reached a steady state.',
      `(service pair) (deployment ${done.id}) deployment completed.`,
      expect.stringMatching(/^\(service pair\) has started 2 tasks: \(task \w{32}\) \(task \w{32}\)\.$/),
    ]);
  });

  it('replaces running tasks without losing a request, in seconds', async () => {
    const before = await lab.primary('pair');
    const begun = performance.now();
    const ended = new AbortController();
    const failures: number[] = [];
    const load = (async () => {
      while (!ended.signal.aborted) {
        const { status } = await lab.get('pair', '/slow');
        if (status !== 200) failures.push(status);
      }
    })();
    await lab.update('pair', { taskDefinition: await lab.register('pair', version('v2')) });
    const after = await lab.rollout('pair', 'COMPLETED');
    const seconds = (performance.now() - begun) / 1000;
    ended.abort();
    await load;
    expect(after.id).not.toBe(before.id);
    expect(failures).toEqual([]);
    expect(seconds).toBeLessThan(8);
    expect(await answeringVersion('pair')).toBe('v2');
    expect((await lab.service('pair')).deployments).toHaveLength(1);
    const stopped = await lab.tasks('pair', 'STOPPED');
    expect(stopped.map(({ stopCode, stoppedReason }) => [stopCode, stoppedReason])).toEqual(
      Array.from({ length: 2 }, () => [
        'ServiceSchedulerInitiated',
        `Scaling activity initiated by (deployment ${after.id})`,
      ]),
    );
  });

  it('is made again by forceNewDeployment, and not by a new desired count', async () => {
    const first = await lab.primary('pair');
    await lab.update('pair', { desiredCount: 1 });
    await until('one task', async () => ((await lab.tasks('pair')).length === 1 ? true : undefined));
    expect((await lab.primary('pair')).id).toBe(first.id);
    await lab.update('pair', { forceNewDeployment: true });
    expect((await lab.rollout('pair', 'COMPLETED')).id).not.toBe(first.id);
  });

  it('replaces a task that a person stopped', async () => {
    const [task] = await lab.tasks('pair');
    await lab.client.send(new StopTaskCommand({ cluster: 'lab', task: task?.taskArn, reason: 'enough' }));
    const [stopped] = await until('the task to stop', async () => {
      const found = (await lab.tasks('pair', 'STOPPED')).filter(({ taskArn }) => taskArn === task?.taskArn);
      return found[0]?.lastStatus === 'STOPPED' ? found : undefined;
    });
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    await until('a new task', async () => ((await lab.tasks('pair'))[0]?.lastStatus === 'RUNNING' ? true : undefined));
  });
});

describe('the circuit breaker', () => {
  it('rolls back to the last completed deployment after three failed tasks', async () => {
    await lab.create('guarded', await lab.register('guarded', version('good')), breaker);
    const good = await lab.rollout('guarded', 'COMPLETED');
    const bad = await lab.register('guarded', { environment: [{ name: 'CRASH', value: '1' }] });
    await lab.update('guarded', { taskDefinition: bad });
    const rolledBack = await until('the rollback', async () => {
      const primary = await lab.primary('guarded');
      return primary.id === good.id && primary.rolloutState === 'COMPLETED' ? primary : undefined;
    });
    expect(rolledBack.taskDefinition).toBe(good.taskDefinition);
    expect((await lab.service('guarded')).taskDefinition).toBe(good.taskDefinition);
    const crashed = await lab.tasks('guarded', 'STOPPED');
    expect(crashed.map(({ containers }) => containers?.[0]?.exitCode)).toEqual([1, 1, 1]);
    const texts = await messages('guarded');
    const failed = texts.findIndex((text) => text.endsWith('deployment failed: tasks failed to start.'));
    expect(texts[failed - 1]).toBe(`(service guarded) rolling back to deployment ${good.id}.`);
    expect(await answeringVersion('guarded')).toBe('good');
  });

  it('tells it in the service deployment', async () => {
    const listed = await lab.client.send(new ListServiceDeploymentsCommand({ cluster: 'lab', service: 'guarded' }));
    expect(listed.serviceDeployments?.map(({ status }) => status)).toEqual(['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL']);
    const arn = there(listed.serviceDeployments?.[0]?.serviceDeploymentArn);
    const described = await lab.client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    expect(described.serviceDeployments?.[0]).toMatchObject({
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      rollback: { reason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.' },
    });
  });

  it('leaves a first deployment FAILED and starts nothing more', async () => {
    const bad = await lab.register('hopeless', { image: 'app:missing' });
    await lab.create('hopeless', bad, breaker);
    const failed = await lab.rollout('hopeless', 'FAILED');
    expect(failed).toMatchObject({ failedTasks: 3, runningCount: 0, pendingCount: 0 });
    expect(failed.rolloutStateReason).toBe('ECS deployment circuit breaker: tasks failed to start.');
    const stopped = await lab.tasks('hopeless', 'STOPPED');
    expect(stopped).toHaveLength(3);
    expect(stopped[0]).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(stopped[0]?.stoppedReason).toMatch(/^CannotPullContainerError: .*app:missing: not found$/);
    expect(await messages('hopeless')).toContain(
      '(service hopeless) is unable to consistently start tasks successfully.',
    );
  });
});

describe('a health check', () => {
  it('that fails stops the task and counts against the deployment', async () => {
    const healthCheck = {
      command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'],
      interval: 5,
      retries: 2,
    };
    await lab.create(
      'sick',
      await lab.register('sick', { healthCheck, environment: [{ name: 'UNHEALTHY', value: '1' }] }),
    );
    const [dead] = await until('a task to be stopped', async () => {
      const stopped = await lab.tasks('sick', 'STOPPED');
      return stopped[0]?.lastStatus === 'STOPPED' ? stopped : undefined;
    });
    expect(dead).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      healthStatus: 'UNHEALTHY',
    });
    expect((await lab.primary('sick')).failedTasks).toBe(1);
    const id = there(dead?.taskArn).split('/').at(-1);
    expect(await messages('sick')).toContain(`(service sick) (task ${id}) failed container health checks.`);
    expect((await lab.get('sick', '/')).status).toBe(503);
  });

  it('may be any command of the container', async () => {
    const healthCheck = { command: ['CMD-SHELL', 'test -n "$PORT" && test -f server.mjs'], interval: 5 };
    await lab.create('checked', await lab.register('checked', { healthCheck }));
    await lab.rollout('checked', 'COMPLETED');
    expect((await lab.tasks('checked'))[0]).toMatchObject({ healthStatus: 'HEALTHY' });
  });
});

describe('deleting a service', () => {
  it('is refused above zero, and drains with force', async () => {
    const remove = (force: boolean) => new DeleteServiceCommand({ cluster: 'lab', service: 'pair', force });
    await expect(lab.client.send(remove(false))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect((await lab.client.send(remove(true))).service).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
    await until('the service to be gone', async () =>
      (await lab.service('pair')).status === 'INACTIVE' ? true : undefined,
    );
    expect(await lab.tasks('pair')).toEqual([]);
    expect((await lab.get('pair', '/')).status).toBe(503);
  });
});
