import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kube/clock.ts';
import { cgroupLayout, type CgroupLayout } from './cgroup-layout.ts';

export interface Limits {
  readonly memoryMiB: number;
  readonly pids: number;
  readonly cpus?: number;
}

/** A group of processes with limits of its own. */
export interface Cgroup {
  /** A process that writes its id into each of these has joined. */
  readonly procs: readonly string[];
  /** Ids of all processes in it; none when it is gone. */
  members(): Promise<readonly number[]>;
  oomKilled(): Promise<boolean>;
  /** Kills all of its processes, removes it, and comes back when it is gone. */
  remove(): Promise<void>;
}

const prefix = 'threehops-sandbox-';
let counter = 0;

export async function readLayout(): Promise<CgroupLayout | undefined> {
  const texts = await Promise.all(['/proc/self/mountinfo', '/proc/self/cgroup'].map((path) => readFile(path, 'utf8')));
  return cgroupLayout(texts[0] ?? '', texts[1] ?? '');
}

/** @throws the file system's error when no parent lets a group be made there. */
export async function makeCgroup(layout: CgroupLayout, limits: Limits, clock: Clock): Promise<Cgroup> {
  const bytes = String(limits.memoryMiB * 1024 * 1024);
  if (layout.version === 2) {
    const folder = await makeIn(layout.parents, unifiedLimits(bytes, limits));
    return cgroupOf([folder], join(folder, 'memory.events'), clock);
  }
  const memory = await makeIn(layout.memory, legacyMemory(bytes));
  const pids = await makeIn(layout.pids, [{ file: 'pids.max', value: String(limits.pids), needed: true }]).catch(
    async (error: unknown) => {
      await rmdir(memory);
      throw error;
    },
  );
  // A machine that bounds no time still bounds memory and number, and the wall clock ends it all.
  const cpu = layout.cpu.length === 0 ? undefined : await makeIn(layout.cpu, legacyCpu(limits)).catch(() => undefined);
  const folders = [memory, pids, ...(cpu === undefined ? [] : [cpu])];
  return cgroupOf(folders, join(memory, 'memory.oom_control'), clock);
}

interface Limit {
  readonly file: string;
  readonly value: string;
  /** Without it the group does not hold what it promises. */
  readonly needed: boolean;
}

/** Of the processors' time there is this much in each period; microseconds. */
const periodUs = 100_000;
const usualCpus = 2;

function quotaUs({ cpus = usualCpus }: Limits): string {
  return String(Math.max(1_000, Math.round(cpus * periodUs)));
}

function legacyCpu(limits: Limits): readonly Limit[] {
  return [
    { file: 'cpu.cfs_period_us', value: String(periodUs), needed: true },
    { file: 'cpu.cfs_quota_us', value: quotaUs(limits), needed: true },
  ];
}

function unifiedLimits(bytes: string, limits: Limits): readonly Limit[] {
  return [
    { file: 'memory.max', value: bytes, needed: true },
    { file: 'memory.swap.max', value: '0', needed: false },
    { file: 'pids.max', value: String(limits.pids), needed: true },
    // Only where the controller was handed down to us.
    { file: 'cpu.max', value: `${quotaUs(limits)} ${periodUs}`, needed: false },
  ];
}

function legacyMemory(bytes: string): readonly Limit[] {
  return [
    { file: 'memory.limit_in_bytes', value: bytes, needed: true },
    { file: 'memory.memsw.limit_in_bytes', value: bytes, needed: false },
  ];
}

async function makeIn(parents: readonly string[], limits: readonly Limit[]): Promise<string> {
  const failures: unknown[] = [];
  for (const parent of parents) {
    try {
      return await makeGroup(parent, limits);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0] ?? new Error('no control group to make one in');
}

async function makeGroup(parent: string, limits: readonly Limit[]): Promise<string> {
  await removeAbandoned(parent);
  const folder = join(parent, `${prefix}${process.pid}-${++counter}`);
  await mkdir(folder);
  try {
    for (const { file, value, needed } of limits) {
      const written = writeFile(join(folder, file), value, { flag: 'r+' });
      await (needed ? written : written.catch(() => undefined));
    }
    return folder;
  } catch (error) {
    await rmdir(folder);
    throw error;
  }
}

/** If we die while a command runs, its group stays; whoever comes next takes it away. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(owner) && !isAlive(owner)) await rmdir(join(parent, name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const removalMs = 10_000;

function cgroupOf(folders: readonly string[], events: string, clock: Clock): Cgroup {
  return {
    procs: folders.map((folder) => join(folder, 'cgroup.procs')),
    members: () => membersOf(folders[0] ?? ''),
    async oomKilled() {
      const text = await readFile(events, 'utf8').catch(() => '');
      return Number(/^oom_kill (\d+)/m.exec(text)?.[1] ?? 0) > 0;
    },
    async remove() {
      const end = clock.monotonicMs() + removalMs;
      for (const folder of folders) await emptyAndRemove(folder, end, clock);
    },
  };
}

/** Killed again and again: what forks faster than it is killed is stopped by its limit of processes. */
async function emptyAndRemove(folder: string, end: number, clock: Clock): Promise<void> {
  for (;;) {
    for (const pid of await membersOf(folder)) kill(pid);
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || clock.monotonicMs() > end) throw error;
    }
    await clock.sleep(20, new AbortController().signal);
  }
}

async function membersOf(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
