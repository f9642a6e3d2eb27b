import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const neverAborted = new AbortController().signal;

const pollMs = 200;

/**
 * Runs `work` while holding a lock file with our process id in it. A lock whose holder is gone is taken over: a process that is
 * killed leaves its file behind. Good enough for a cache on one machine, where the worst outcome is doing the work twice.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, signal = neverAborted): Promise<T> {
  while (!take(file)) {
    releaseIfHolderIsGone(file);
    await delay(pollMs, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function releaseIfHolderIsGone(file: string): void {
  const pid = holder(file);
  if (pid === undefined || isAlive(pid)) return;
  rmSync(file, { force: true });
}

function holder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
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
