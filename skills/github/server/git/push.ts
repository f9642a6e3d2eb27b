import type { FileEdit } from '../../../skill.ts';
import { GitHubToolError } from '../errors.ts';
import { writeCommit, type CommitText } from './commit.ts';
import { fetchCommit, isAncestor, remoteHead } from './objects.ts';
import { gitText, type Git } from './run.ts';
import { editTree } from './tree.ts';

export interface PushRequest extends CommitText {
  readonly branch: string;
  /** The commit to build on: the branch's head, or the base branch's where the branch is new. */
  readonly base: string;
  readonly edits: readonly FileEdit[];
}

export interface Pushed {
  readonly sha: string;
  readonly parent: string;
  readonly tree: string;
  /** False: the branch had this commit already, nothing was written. */
  readonly created: boolean;
}

/** How far back a commit is looked for on a session's branch. */
const historyDepth = 100;

/**
 * One commit on a session's branch. The same request makes the same commit, so a repetition finds it there and writes nothing.
 * The push is a plain one: git and the server both refuse it when the branch has moved since it was looked at.
 * @throws GitHubToolError BranchMoved, NothingToCommit, BadPath, CommitNotFound, GitFailed.
 */
export async function pushCommit(git: Git, request: PushRequest): Promise<Pushed> {
  const base = await fetchCommit(git, request.base);
  const tree = await editTree(git, base.tree, request.edits);
  if (tree === base.tree) throw new GitHubToolError('NothingToCommit', `the edits leave ${base.sha} as it is`);
  const sha = await writeCommit(git, tree, base.sha, request);
  const pushed = { sha, parent: base.sha, tree };
  const head = await remoteHead(git, request.branch);
  if (head !== undefined && (await isOnBranch(git, sha, head))) return { ...pushed, created: false };
  if (head !== undefined && head !== base.sha) {
    throw new GitHubToolError('BranchMoved', `${request.branch} is at ${head}, the commit builds on ${base.sha}`);
  }
  await push(git, sha, request.branch);
  return { ...pushed, created: true };
}

async function push(git: Git, sha: string, branch: string): Promise<void> {
  try {
    await gitText(git, ['push', '--quiet', '--no-verify', git.url, `${sha}:refs/heads/${branch}`]);
  } catch (cause) {
    // The answer may be what was lost, so what the server has now decides.
    if ((await headAfterFailure(git, branch, cause)) === sha) return;
    throw new GitHubToolError('GitFailed', `the push to ${branch} was refused`, { cause });
  }
}

/** @throws GitHubToolError whose outcome is Unknown: the push may have arrived, and nobody can be asked. */
async function headAfterFailure(git: Git, branch: string, cause: unknown): Promise<string | undefined> {
  try {
    return await remoteHead(git, branch);
  } catch {
    throw new GitHubToolError('GitFailed', `the push to ${branch} got no answer`, { outcome: 'Unknown', cause });
  }
}

async function isOnBranch(git: Git, sha: string, head: string): Promise<boolean> {
  if (sha === head) return true;
  await fetchCommit(git, head, historyDepth);
  return isAncestor(git, sha, head);
}
