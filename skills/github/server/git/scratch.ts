import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import { gitEnvironment, type GitRemote } from './environment.ts';
import { gitText, type Git } from './run.ts';

const oldestGit = [2, 37] as const;

/**
 * Gives `work` a bare repository of its own, without a work tree (so no filter, attribute or symlink of the remote can do
 * anything here), and removes it afterwards.
 */
export async function withScratch<T>(
  backend: GitHubBackend,
  repository: { readonly owner: string; readonly repo: string },
  signal: AbortSignal,
  work: (git: Git) => Promise<T>,
): Promise<T> {
  const remote = await remoteOf(backend, repository, signal);
  const folder = await mkdtemp(join(tmpdir(), 'threehops-git-'));
  try {
    const env = gitEnvironment(folder, process.env['PATH'] ?? '/usr/bin:/bin', remote);
    const git: Git = { binary: backend.gitBinary, folder, env, signal, url: remote.url };
    await assertUsable(git);
    await gitText(git, ['init', '--quiet', '--bare', '--template=', '.']);
    return await work(git);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function remoteOf(
  backend: GitHubBackend,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  signal: AbortSignal,
): Promise<GitRemote> {
  const url = `${backend.gitBaseUrl}/${owner}/${repo}.git`;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const pinned = await backend.dialer.pin(host, signal);
  return { url, pinned, token: backend.token, ...(backend.caFile === undefined ? {} : { caFile: backend.caFile }) };
}

/** Older versions ignore the pin silently, and would resolve the name themselves. */
async function assertUsable(git: Git): Promise<void> {
  const version = await gitText(git, ['version']);
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const enough = major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1]);
  if (!enough)
    throw new GitHubToolError('GitUnusable', `git ${oldestGit.join('.')} or newer is needed, found ${version}`);
}
