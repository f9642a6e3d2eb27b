import { mkdirSync } from 'node:fs';
import { gitIn, type Git } from './git.ts';

const settings: Readonly<Record<string, string>> = {
  'http.receivepack': 'true',
  'http.getanyfile': 'false',
  'receive.denyNonFastForwards': 'false',
  'receive.denyDeletes': 'false',
  // GitHub lets any commit be fetched by its sha, and runners do so.
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
};

/** Makes an empty bare repository that git's HTTP backend may serve and be pushed to. */
export async function initBare(path: string, defaultBranch: string, signal: AbortSignal): Promise<Git> {
  mkdirSync(path, { recursive: true });
  const git = gitIn(path, signal);
  await git.text(['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, '.']);
  for (const [key, value] of Object.entries(settings)) await git.text(['config', key, value]);
  return git;
}
