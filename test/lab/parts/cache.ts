import { mkdirSync, renameSync, existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what is downloaded or built once: `THREEHOPS_CACHE`, else the XDG cache folder, else `~/.cache`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['THREEHOPS_CACHE'] ?? join(base, 'threehops');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A cached folder named by what is in it and its version, made at most once. `make` fills a temporary folder, which is renamed
 * into place when it is whole: if we die before the rename, the next run starts again and never sees a half-made part.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await make(partial);
  if (!existsSync(folder)) renameSync(partial, folder);
  return folder;
}
