import type { FileEdit } from '../../../skill.ts';
import { GitHubToolError } from '../errors.ts';
import { mergeTrees } from './merge.ts';
import { fetchCommit, isAncestor, readBlob, readCommit, remoteHead } from './objects.ts';
import { callGit, gitText, type Git } from './run.ts';
import { editTree, readTree } from './tree.ts';

export interface RevertRequest {
  /** The commit to take back; of a merge, all that it brought into its first parent. */
  readonly sha: string;
  /** A branch or commit to do it on. */
  readonly onto: string;
  /** What differs from `onto` where the reversal will be pushed: whole files, null where one is gone. */
  readonly current: readonly FileEdit[];
}

export type RevertOutcome = 'Clean' | 'Conflict' | 'NothingToDo' | 'NotExpressible';

export interface Reversal {
  readonly outcome: RevertOutcome;
  readonly parent: string;
  readonly edits: readonly FileEdit[];
  readonly diff: string;
  /** Paths that conflict, or that cannot be written as a text edit. */
  readonly conflicts: readonly string[];
  /** Edited paths that end as they were in `parent`. */
  readonly restoredPaths: readonly string[];
  /** The whole tree ends as it was in `parent`. */
  readonly restoresTree: boolean;
}

const diffLimit = 64 * 1024;
/** How far back on the branch a commit may be. */
const historyDepth = 300;

/** @throws GitHubToolError CommitNotFound, NotOnBranch, or NotExpressible for a commit without a parent. */
export async function revertCommit(git: Git, { sha, onto, current }: RevertRequest): Promise<Reversal> {
  const commit = await fetchCommit(git, sha, 2);
  const [first] = commit.parents;
  if (first === undefined) throw new GitHubToolError('NotExpressible', `${sha} has no parent to go back to`);
  const parent = await readCommit(git, first);
  const target = await fetchCommit(git, await resolve(git, onto), historyDepth);
  if (!(await isAncestor(git, sha, target.sha))) {
    throw new GitHubToolError('NotOnBranch', `${sha} is not among the newest ${historyDepth} commits of ${onto}`);
  }
  const ours = await editTree(git, target.tree, current);
  const { tree, conflicts } = await mergeTrees(git, commit.tree, ours, parent.tree);
  const none = { parent: parent.sha, edits: [], diff: '', restoredPaths: [], restoresTree: false };
  if (tree === undefined) return { ...none, outcome: 'Conflict', conflicts };
  if (tree === ours) return { ...none, outcome: 'NothingToDo', conflicts: [] };
  const { edits, refused } = await editsBetween(git, ours, tree);
  if (refused.length > 0) return { ...none, outcome: 'NotExpressible', conflicts: refused };
  const restored = await samePaths(git, edits, tree, parent.tree);
  const diff = await readableDiff(git, ours, tree);
  const found = { parent: parent.sha, edits, diff, restoredPaths: restored, restoresTree: tree === parent.tree };
  return { ...found, outcome: 'Clean', conflicts: [] };
}

async function resolve(git: Git, onto: string): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(onto)) return onto;
  const head = await remoteHead(git, onto);
  if (head === undefined) throw new GitHubToolError('CommitNotFound', `there is no branch ${onto}`);
  return head;
}

interface Edits {
  readonly edits: readonly FileEdit[];
  readonly refused: readonly string[];
}

/** The difference of two trees as whole-file text edits; links, submodules, modes and binary files cannot be said so. */
async function editsBetween(git: Git, from: string, to: string): Promise<Edits> {
  const listed = await gitText(git, ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to]);
  const edits: FileEdit[] = [];
  const refused: string[] = [];
  const fields = listed.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [before = '', after = '', , blob = '', status] = (fields[index] ?? '').slice(1).split(' ');
    const path = fields[index + 1] ?? '';
    const content = status === 'D' ? null : await textOf(git, before, after, blob);
    if (content === undefined || (status === 'D' && !before.startsWith('100'))) refused.push(path);
    else edits.push({ path, content });
  }
  return { edits, refused };
}

async function textOf(git: Git, before: string, after: string, blob: string): Promise<string | undefined> {
  const keepsMode = before === after ? after.startsWith('100') : before === '000000' && after === '100644';
  if (!keepsMode) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readBlob(git, blob));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function samePaths(git: Git, edits: readonly FileEdit[], one: string, other: string): Promise<readonly string[]> {
  const [left, right] = [await readTree(git, one), await readTree(git, other)];
  return edits.map(({ path }) => path).filter((path) => left.get(path)?.blob === right.get(path)?.blob);
}

async function readableDiff(git: Git, from: string, to: string): Promise<string> {
  const { stdout } = await callGit(git, ['diff', '--no-color', '--no-ext-diff', '--no-textconv', from, to]);
  return stdout.toString('utf8').slice(0, diffLimit);
}
