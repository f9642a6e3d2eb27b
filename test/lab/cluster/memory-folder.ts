import { accessSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'threehops-';

/**
 * A new folder, in memory where the machine has a place for that: etcd's writes are most of what a suite waits for. Its name holds our
 * process id, and folders of processes that are gone are removed here, since nobody else gives their memory back.
 */
export function memoryFolder(purpose: string): string {
  const base = isWritable('/dev/shm') ? '/dev/shm' : tmpdir();
  removeAbandoned(base);
  return mkdtempSync(join(base, `${prefix}${process.pid}-${purpose}-`));
}

function removeAbandoned(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(base, name), { recursive: true, force: true });
  }
}

/** Whether there is a process of this id; one that we may not signal counts. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
