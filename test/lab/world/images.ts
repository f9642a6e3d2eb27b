import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ResolveImage } from '../ecs/options.ts';
import type { Forge } from '../forge/forge.ts';

const run = promisify(execFile);

/**
 * The lab's registry: the image `registry.lab/SERVICE:SHA` is the checked-out commit of the service's repository. Any other
 * tag is an image that nobody pushed.
 */
export function imagesOf(forge: Forge, folder: string, owner: string): ResolveImage {
  const checkouts = new Map<string, Promise<string>>();
  return async (image, signal) => {
    const match = /^registry\.lab\/([\w.-]+):([0-9a-f]{40})$/.exec(image);
    const [, service = '', sha = ''] = match ?? [];
    if (match === null) throw new Error(`failed to resolve ref ${image}: not found`);
    const key = `${service}-${sha}`;
    const checkout =
      checkouts.get(key) ?? checkOut(forge.repositoryPath(`${owner}/${service}`), sha, join(folder, key), signal);
    checkouts.set(key, checkout);
    // The definition's own command goes before this one.
    return { cwd: await checkout, command: ['node', 'src/server.js'] };
  };
}

async function checkOut(repository: string, sha: string, target: string, signal: AbortSignal): Promise<string> {
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  mkdirSync(partial, { recursive: true });
  await run('git', ['--git-dir', repository, '--work-tree', partial, 'checkout', '--force', sha, '--', '.'], {
    signal,
    env: {
      PATH: process.env['PATH'],
      GIT_INDEX_FILE: `${partial}.index`,
      GIT_CONFIG_NOSYSTEM: '1',
      HOME: '/nonexistent',
    },
  });
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return target;
}
