import type { JsonObject } from '../../controller/api/json.ts';
import { parseRepository } from '../lib/github/repository.ts';
import { objectOf, textOf } from '../lib/reading.ts';
import type { FileEdit, Tools } from '../skill.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** All of a commit: the same values make the same commit, and so the same id, again. */
export interface SessionCommit {
  /** owner/name */
  readonly repository: string;
  /** threehops/... */
  readonly branch: string;
  /** The commit to build on. */
  readonly base: string;
  readonly edits: readonly FileEdit[];
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** Author and committer. */
  readonly author: Person;
  /** RFC 3339, frozen with the plan. */
  readonly date: string;
}

export interface PushedCommit {
  readonly sha: string;
  readonly parent: string;
  /** False: the branch had it already. */
  readonly created: boolean;
}

/** @throws ToolFailed with the code of the github server: BranchMoved, NothingToCommit, RepositoryNotAllowed, BranchNotAllowed, ... */
export async function pushCommit(tools: Tools, commit: SessionCommit, signal: AbortSignal): Promise<PushedCommit> {
  const args: JsonObject = {
    ...parseRepository(commit.repository),
    branch: commit.branch,
    base: commit.base,
    edits: commit.edits.map(({ path, content }) => ({ path, content })),
    message: commit.message,
    trailers: commit.trailers,
    author: { name: commit.author.name, email: commit.author.email },
    date: commit.date,
  };
  const answer = objectOf(await tools.call('threehops_push_commit', args, signal));
  return {
    sha: textOf(answer['sha']) ?? '',
    parent: textOf(answer['parent']) ?? '',
    created: answer['created'] === true,
  };
}

/** Where a branch is, and whether it has a commit with the given trailer among its newest 100: what a crash is recovered by. */
export interface BranchState {
  /** Undefined where there is no such branch. */
  readonly head: string | undefined;
  /** The commit that was looked for. */
  readonly found: string | undefined;
}

export async function findCommit(
  tools: Tools,
  { repository, branch }: Pick<SessionCommit, 'repository' | 'branch'>,
  trailer: { readonly key: string; readonly value: string } | undefined,
  signal: AbortSignal,
): Promise<BranchState> {
  const wanted = trailer === undefined ? {} : { trailer: `${trailer.key}: ${trailer.value}` };
  const args = { ...parseRepository(repository), branch, ...wanted };
  const answer = objectOf(await tools.call('threehops_find_commit', args, signal));
  return { head: textOf(answer['head']), found: answer['found'] === true ? textOf(answer['sha']) : undefined };
}
