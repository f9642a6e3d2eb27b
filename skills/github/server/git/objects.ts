import { GitHubToolError } from '../errors.ts';
import { callGit, gitText, type Git } from './run.ts';

/** A commit as it is stored, whatever a shallow history hides. */
export interface StoredCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/**
 * Brings a commit (and `depth - 1` generations before it) into the scratch repository: by its id, or with all branches where
 * the server does not hand out commits by id. @throws GitHubToolError CommitNotFound.
 */
export async function fetchCommit(git: Git, sha: string, depth = 1): Promise<StoredCommit> {
  const quiet = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head'];
  try {
    await gitText(git, [...quiet, `--depth=${depth}`, git.url, sha]);
  } catch (error) {
    if (!(error instanceof GitHubToolError) || git.signal.aborted) throw error;
    await gitText(git, [...quiet, git.url, '+refs/heads/*:refs/remotes/origin/*']);
  }
  return readCommit(git, sha);
}

export async function readCommit(git: Git, sha: string): Promise<StoredCommit> {
  const { exitCode, stdout } = await callGit(git, ['cat-file', 'commit', sha], { accept: [128] });
  if (exitCode !== 0) throw new GitHubToolError('CommitNotFound', `${sha} is not a commit of this repository`);
  const header = stdout.toString('utf8').split('\n\n', 1)[0] ?? '';
  const values = (name: string): string[] =>
    header.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  return { sha, tree: values('tree')[0] ?? '', parents: values('parent') };
}

/** The commit that a branch of the remote points to now; undefined where there is no such branch. */
export async function remoteHead(git: Git, branch: string): Promise<string | undefined> {
  const listed = await gitText(git, ['ls-remote', '--heads', git.url, `refs/heads/${branch}`]);
  for (const line of listed.split('\n')) {
    const [sha, ref] = line.split('\t');
    if (ref === `refs/heads/${branch}`) return sha;
  }
  return undefined;
}

export async function writeBlob(git: Git, content: string | Uint8Array): Promise<string> {
  return gitText(git, ['hash-object', '-w', '--no-filters', '--stdin'], { input: content });
}

export async function readBlob(git: Git, blob: string): Promise<Buffer> {
  return (await callGit(git, ['cat-file', 'blob', blob])).stdout;
}

/** Whether `ancestor` is in what has been fetched of the history of `sha`. */
export async function isAncestor(git: Git, ancestor: string, sha: string): Promise<boolean> {
  const { exitCode } = await callGit(git, ['merge-base', '--is-ancestor', ancestor, sha], { accept: [1] });
  return exitCode === 0;
}
