import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { until } from '../parts/process.ts';
import { startTestLab } from './fixtures/lab.ts';

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

function cgroupsOf(pid: number): string[] {
  return globSync(`/sys/fs/cgroup/**/threehops-ecs-${pid}-*`);
}

describe('when the lab ends', () => {
  it.each(['best', 'polled'])(
    'by SIGKILL, its tasks, their children and its cgroups go too (limits: %s)',
    async (limits) => {
      const program = fileURLToPath(new URL('fixtures/killed-lab.ts', import.meta.url));
      const child = spawn(process.execPath, [program, limits], { stdio: ['ignore', 'pipe', 'inherit'] });
      const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
      const pids = String(value).split(' ').slice(1).map(Number);
      expect(pids).toHaveLength(2);
      expect(pids.every(isAlive)).toBe(true);
      const labPid = child.pid ?? 0;
      child.kill('SIGKILL');
      await until('the processes to go', async () => (pids.some(isAlive) ? undefined : true), 5000);
      await until('the cgroups to go', async () => (cgroupsOf(labPid).length === 0 ? true : undefined), 5000);
    },
  );

  it('in order, nothing is left after stop()', async () => {
    const lab = await startTestLab();
    await lab.create('web', await lab.register('web'));
    await lab.rollout('web', 'COMPLETED');
    const { pid } = (await (await lab.get('web', '/')).json()) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    expect(cgroupsOf(process.pid)).toHaveLength(lab.ecs.memoryLimits === 'polled' ? 0 : 1);
    await lab.close();
    expect(isAlive(pid)).toBe(false);
    expect(cgroupsOf(process.pid)).toEqual([]);
  });
});
