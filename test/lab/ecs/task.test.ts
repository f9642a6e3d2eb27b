import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../parts/process.ts';
import { startTestLab, there, type TestLab } from './fixtures/lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab({ taskEnvironment: () => ({ FROM_LAB: 'yes', VERSION: 'of the lab' }) });
});
afterAll(() => lab.close());

describe('a task', () => {
  it('runs its image with the definition’s environment and nothing of ours', async () => {
    await lab.create('web', await lab.register('web', { environment: [{ name: 'VERSION', value: 'v1' }] }));
    await lab.rollout('web', 'COMPLETED');
    const env = (await (await lab.get('web', '/env')).json()) as Record<string, string>;
    expect(env).toMatchObject({ VERSION: 'v1', FROM_LAB: 'yes' });
    expect(Object.keys(env).toSorted()).toEqual(['FROM_LAB', 'HOME', 'PATH', 'PORT', 'VERSION']);
    const [task] = await lab.tasks('web');
    expect(task).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING', group: 'service:web' });
    expect(task?.containers?.[0]?.networkBindings?.[0]).toMatchObject({
      containerPort: 8080,
      hostPort: Number(env['PORT']),
    });
  });

  it('runs as nobody when we are root', async () => {
    const { uid } = (await (await lab.get('web', '/')).json()) as { uid: number };
    expect(uid).toBe(process.getuid?.() === 0 ? 65_534 : process.getuid?.());
  });

  it('sends its output, both streams, to the awslogs group and stream', async () => {
    const [task] = await lab.tasks('web');
    const id = there(task?.taskArn).split('/').at(-1) ?? '';
    const own = lab.lines.filter(({ stream }) => stream === `ecs/app/${id}`);
    expect(own.map(({ group, message }) => [group, message])).toEqual([
      ['/lab', 'starting v1'],
      ['/lab', 'to standard error'],
    ]);
  });

  it('is killed at its memory limit with 137 and ECS’s reason, and replaced', async () => {
    const [before] = await lab.tasks('web');
    await lab.get('web', '/eat');
    const [dead] = await until('the task to be killed', async () => {
      const stopped = await lab.tasks('web', 'STOPPED');
      return stopped[0]?.lastStatus === 'STOPPED' ? stopped : undefined;
    });
    expect(dead).toMatchObject({
      taskArn: before?.taskArn,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    });
    await until('a new task', async () => ((await lab.get('web', '/')).ok ? true : undefined));
    expect((await lab.tasks('web')).map(({ taskArn }) => taskArn)).not.toContain(before?.taskArn);
  });

  it('that somebody else kills has 137 but not the reason', async () => {
    const { pid } = (await (await lab.get('web', '/')).json()) as { pid: number };
    process.kill(pid, 'SIGKILL');
    const dead = await until('the task to stop', async () => {
      const stopped = await lab.tasks('web', 'STOPPED');
      return stopped.length === 2 && stopped[0]?.lastStatus === 'STOPPED' ? stopped[0] : undefined;
    });
    expect(dead.containers?.[0]?.exitCode).toBe(137);
    expect(dead.containers?.[0]?.reason).toBeUndefined();
  });
});

describe('a task that cannot start', () => {
  it('for want of its program stops with CannotStartContainerError, and leaves its memory limit behind no more than a moment', async () => {
    const container = { command: ['no-such-program'], portMappings: [] };
    await lab.create('nothing', await lab.register('nothing', container));
    const dead = await until('the task to stop', async () => {
      const [task] = await lab.tasks('nothing', 'STOPPED');
      return task?.lastStatus === 'STOPPED' ? task : undefined;
    });
    expect(dead).toMatchObject({ stopCode: 'TaskFailedToStart', containers: [{ lastStatus: 'STOPPED' }] });
    expect(dead.stoppedReason).toMatch(/^CannotStartContainerError: .*"no-such-program": executable file not found/);
    const [stopping, stopped] = [there(dead.stoppingAt), there(dead.stoppedAt)];
    expect(stopped.getTime() - stopping.getTime()).toBeLessThan(500);
  });
});
