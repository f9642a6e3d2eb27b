import { afterEach, describe, expect, it } from 'vitest';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { until } from '../parts/process.ts';
import { appContainer, startTestLab, there, type TestLab } from './fixtures/lab.ts';
import type { MetricPoint } from './metrics/metric-point.ts';

let lab: TestLab | undefined;
afterEach(() => lab?.close());

async function firstStopped(service: string) {
  return until('a stopped task', async () => {
    const [task] = there(await lab?.tasks(service, 'STOPPED'));
    return task?.lastStatus === 'STOPPED' ? task : undefined;
  });
}

const oom = { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' };

describe('a memory limit', () => {
  it('is kept without cgroups too', async () => {
    lab = await startTestLab({ memoryLimits: 'polled' });
    expect(lab.ecs.memoryLimits).toBe('polled');
    await lab.create('web', await lab.register('web'));
    await lab.rollout('web', 'COMPLETED');
    await lab.get('web', '/eat');
    expect(await firstStopped('web')).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [oom] });
  });

  it('of the task holds for all its containers, and a dead essential one takes the others along', async () => {
    lab = await startTestLab();
    const greedy = appContainer({ memory: 512 });
    const other = appContainer({ name: 'other', memory: 64, portMappings: [], entryPoint: ['sleep', '1000'] });
    const family = { family: 'two', memory: '128', containerDefinitions: [greedy, other] };
    const { taskDefinition } = await lab.client.send(new RegisterTaskDefinitionCommand(family));
    await lab.create('two', there(taskDefinition?.taskDefinitionArn));
    await lab.rollout('two', 'COMPLETED');
    await lab.get('two', '/eat');
    const dead = await firstStopped('two');
    expect(dead.containers).toMatchObject([
      { name: 'app', ...oom },
      { name: 'other', exitCode: 143 },
    ]);
    expect(dead.containers?.[1]?.reason).toBeUndefined();
  });

  it('is what MemoryUtilization is measured against', async () => {
    const points: MetricPoint[] = [];
    lab = await startTestLab({ metricSink: (more) => void points.push(...more), timing: { metricsEveryMs: 200 } });
    await lab.create('web', await lab.register('web'), { desiredCount: 2 });
    await lab.rollout('web', 'COMPLETED');
    const last = await until('a measurement of each kind, of both tasks', async () => {
      const [memory, cpu] = (['MemoryUtilization', 'CPUUtilization'] as const).map((name) =>
        points.findLast(({ metricName, values }) => metricName === name && values.length === 2),
      );
      return memory === undefined || cpu === undefined ? undefined : { memory, cpu };
    });
    expect(last.memory.dimensions).toEqual({ ClusterName: 'lab', ServiceName: 'web' });
    // Node alone takes some 20 to 60 of the 128 MiB.
    for (const value of last.memory.values) expect(value).toSatisfy((percent: number) => percent > 10 && percent < 70);
    for (const value of last.cpu.values) expect(value).toBeGreaterThanOrEqual(0);
  });
});
