import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The names of the files that mean the same in the two versions of cgroups. */
export interface CgroupFiles {
  readonly version: 1 | 2;
  readonly limit: string;
  readonly usage: string;
  /** Version 1 limits memory and swap together, version 2 swap alone. */
  readonly swapLimit: string;
  /** Has a line `oom_kill N`. */
  readonly oomEvents: string;
  /** The line of memory.stat that is file cache nobody used for a while. */
  readonly inactiveFile: string;
}

const version1: CgroupFiles = {
  version: 1,
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  swapLimit: 'memory.memsw.limit_in_bytes',
  oomEvents: 'memory.oom_control',
  inactiveFile: 'total_inactive_file',
};

const version2: CgroupFiles = {
  version: 2,
  limit: 'memory.max',
  usage: 'memory.current',
  swapLimit: 'memory.swap.max',
  oomEvents: 'memory.events',
  inactiveFile: 'inactive_file',
};

export interface CgroupLocation {
  readonly files: CgroupFiles;
  /** A cgroup of this process's own making, for the tasks. */
  readonly folder: string;
}

const prefix = 'threehops-ecs-';
let made = 0;

/** Makes a cgroup below our own (or the nearest above where that may be done); undefined where it cannot be. */
export function makeLabCgroup(): CgroupLocation | undefined {
  try {
    const place = locate();
    if (place === undefined) return undefined;
    removeLeftOvers(place.folder);
    const folder = join(place.folder, `${prefix}${process.pid}-${(made += 1)}`);
    mkdirSync(folder);
    return { files: place.files, folder };
  } catch (error) {
    const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EBUSY'];
    if (refused.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function locate(): CgroupLocation | undefined {
  const own = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  const mounts = readFileSync('/proc/self/mounts', 'utf8').trim().split('\n');
  const entry = own.map((line) => line.split(':')).find(([, names]) => names?.split(',').includes('memory'));
  const folders = mounts.map((line) => line.split(' '));
  if (entry !== undefined) {
    const mount = folders.find(([, , type, how]) => type === 'cgroup' && how?.split(',').includes('memory'))?.[1];
    return mount === undefined ? undefined : { files: version1, folder: nearest(mount, entry[2] ?? '/', isThere) };
  }
  const mount = folders.find(([, , type]) => type === 'cgroup2')?.[1];
  const path = own.map((line) => line.split(':')).find(([id]) => id === '0')?.[2];
  if (mount === undefined || path === undefined) return undefined;
  const folder = nearest(mount, path, passesMemoryOn);
  return passesMemoryOn(folder) ? { files: version2, folder } : undefined;
}

/** Our own cgroup if it will do, else the nearest above it; in a container its path may not be there under the mount. */
function nearest(mount: string, path: string, willDo: (folder: string) => boolean): string {
  let folder = join(mount, path);
  while (folder !== mount && !willDo(folder)) folder = dirname(folder);
  return folder;
}

function isThere(folder: string): boolean {
  return contents(join(folder, 'cgroup.procs')) !== undefined;
}

/** In version 2 a cgroup with processes of its own may not have children under a limit. */
function passesMemoryOn(folder: string): boolean {
  return contents(join(folder, 'cgroup.subtree_control'))?.split(/\s+/).includes('memory') === true;
}

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Of endpoints that were killed together with their keeper. */
function removeLeftOvers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-\\d+$`).exec(name)?.[1];
    if (pid === undefined || contents(`/proc/${pid}/stat`) !== undefined) continue;
    removeEmptyTree(join(parent, name));
  }
}

function removeEmptyTree(folder: string): void {
  try {
    const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const child of children) removeEmptyTree(join(folder, child.name));
    rmdirSync(folder);
  } catch {
    // Busy, or removed by another lab just now: it is only litter.
    return;
  }
}
