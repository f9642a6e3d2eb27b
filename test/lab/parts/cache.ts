import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.ts';

/** The folder for what is downloaded or built once: `THREEHOPS_CACHE`, else the XDG cache folder, else `~/.cache`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['THREEHOPS_CACHE'] ?? join(base, 'threehops');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A cached folder named by what is in it and its version, made at most once, also when several processes want it at the same
 * time (the others wait). `make` fills a temporary folder, which is renamed into place when it is whole: if we die before
 * the rename, the next run starts again and never sees a half-made part.
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  return withLock(`${folder}.lock`, () => fill(folder, make), signal);
}

async function fill(folder: string, make: (folder: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  removePartials(folder);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await make(partial);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Left behind by a process that died while it filled them; nobody else can be filling now, as we hold the lock. */
function removePartials(folder: string): void {
  const prefix = `${basename(folder)}.partial-`;
  const left = readdirSync(dirname(folder)).filter((entry) => entry.startsWith(prefix));
  for (const entry of left) rmSync(join(dirname(folder), entry), { recursive: true, force: true });
}
