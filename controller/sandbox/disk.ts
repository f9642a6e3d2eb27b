import { execFile } from 'node:child_process';
import { lstat, readdir, stat, statfs } from 'node:fs/promises';
import type { Clock } from '../kube/clock.ts';

export interface DiskLimit {
  /** The one folder that is written to and lies on a disk. */
  readonly folder: string;
  readonly mebibytes: number;
  /** Names cost memory and inodes even where files are empty. */
  readonly entries: number;
  /** Those who write, to see what they hold open after it was removed. */
  readonly processes: () => Promise<readonly number[]>;
  readonly onExceeded: () => void;
}

const mebibyte = 1024 * 1024;
/** What is left free in any case, whatever is hidden from us. */
const reserveBytes = 256 * mebibyte;
const everyMs = 250;

/**
 * Looks again and again how much a folder takes up, until the answer is called. The size of one file is limited by the kernel as well
 * (RLIMIT_FSIZE), so that little can be written between two looks. Those who write may take away what is looked at.
 */
export function watchDisk(limit: DiskLimit, clock: Clock): () => void {
  let over = false;
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = clock.timer(everyMs, () => void look());
  };
  const look = async (): Promise<void> => {
    const exceeded = await isExceeded(limit).catch(() => false);
    if (over) return;
    if (exceeded) limit.onExceeded();
    else again();
  };
  again();
  return () => {
    over = true;
    cancel();
  };
}

async function isExceeded({ folder, mebibytes, entries: most, processes }: DiskLimit): Promise<boolean> {
  const { bavail, bsize, blocks } = await statfs(folder);
  if (bavail * bsize < Math.min(reserveBytes, (blocks * bsize) / 20)) return true;
  const [bytes, entries, held] = await Promise.all([
    total(folder, '--block-size=1'),
    total(folder, '--inodes'),
    heldOpen(folder, await processes()),
  ]);
  return bytes + held > mebibytes * mebibyte || entries > most;
}

/** By the system's own program: it finds its way through any tree, and while that is changed. */
async function total(folder: string, unit: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const args = ['--summarize', '--one-file-system', unit, '--', folder];
  // What vanished under its eyes is no reason not to take its word for the rest.
  execFile('/usr/bin/du', args, (_error, stdout) => resolve(Number.parseInt(stdout, 10) || 0));
  return promise;
}

/** Bytes of files that were removed and are still open: no tree shows them. */
async function heldOpen(folder: string, pids: readonly number[]): Promise<number> {
  const { dev } = await lstat(folder);
  const found = new Map<number, number>();
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const held = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
      if (held?.nlink === 0 && held.dev === dev) found.set(held.ino, held.blocks * 512);
    }
  }
  return [...found.values()].reduce((sum, one) => sum + one, 0);
}
