import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CgroupFiles, CgroupLocation } from './cgroup-location.ts';
import type { ContainerMemory, MemoryLimiter, TaskMemory } from './limiter.ts';
import { killProcess } from './processes.ts';

/** How long the kernel may take to let go of processes that were killed. */
const removeTries = 200;
const removePauseMs = 10;

/** Real limits: a cgroup a task with the task's limit, below it one a container with the container's. */
export function cgroupLimiter({ files, folder }: CgroupLocation): MemoryLimiter {
  passMemoryOn(files, folder);
  return {
    kind: files.version === 1 ? 'cgroup v1' : 'cgroup v2',
    folder,
    task: (id, limitBytes) => taskCgroup(files, join(folder, id), limitBytes),
    close: () => removeCgroup(folder),
  };
}

function taskCgroup(files: CgroupFiles, folder: string, limitBytes: number | undefined): TaskMemory {
  mkdirSync(folder);
  limit(files, folder, limitBytes);
  passMemoryOn(files, folder);
  return {
    container: (name, bytes) => containerCgroup(files, join(folder, name), bytes),
    remove: () => removeCgroup(folder),
  };
}

function containerCgroup(files: CgroupFiles, folder: string, limitBytes: number | undefined): ContainerMemory {
  mkdirSync(folder);
  limit(files, folder, limitBytes);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return {
    procsFile: join(folder, 'cgroup.procs'),
    attach: () => undefined,
    // As `docker stats` and ECS count: file cache that can be dropped at once is not in use.
    usageBytes: () => Math.max(0, Number(read(files.usage)) - lineOf(read('memory.stat'), files.inactiveFile)),
    pids: () => pidsIn(folder),
    oomKills: () => lineOf(read(files.oomEvents), 'oom_kill'),
    remove: () => removeCgroup(folder),
  };
}

function limit(files: CgroupFiles, folder: string, bytes: number | undefined): void {
  if (bytes === undefined) return;
  writeFileSync(join(folder, files.limit), String(bytes));
  writeIfThere(join(folder, files.swapLimit), files.version === 1 ? String(bytes) : '0');
}

function passMemoryOn(files: CgroupFiles, folder: string): void {
  if (files.version === 2) writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory');
}

/** Swap is counted only by kernels that were told to. */
function writeIfThere(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'r+' });
  } catch (error) {
    if (!['ENOENT', 'EOPNOTSUPP', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function lineOf(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

function pidsIn(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function removeCgroup(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    for (const pid of pidsIn(folder)) killProcess(pid);
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || tries === removeTries) throw error;
    }
    await delay(removePauseMs);
  }
}
