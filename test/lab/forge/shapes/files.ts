import type { JsonObject } from '../../../../controller/api/json.ts';
import { type Commit, readCommit } from '../git/commits.ts';
import { diffTrees, type FileDiff } from '../git/diff.ts';
import { emptyTree } from '../git/write.ts';
import type { Repository } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { listedCommit } from './commit.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';

/** A changed file; `at` is the commit whose content the addresses show. */
export function diffEntry(world: World, repository: Repository, file: FileDiff, at: string): JsonObject {
  const page = repositoryPage(world, repository);
  const path = encodeURI(file.path);
  return {
    sha: file.status === 'removed' ? file.before : file.after,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${at}/${path}`,
    raw_url: `${page}/raw/${at}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${at}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

/** What a commit changed against its first parent. */
export function changesOf({ git }: Repository, commit: Commit): Promise<FileDiff[]> {
  return diffTrees(git, commit.parents[0] ?? emptyTree, commit.sha);
}

/** A commit with its statistics and files. */
export async function fullCommit(world: World, repository: Repository, commit: Commit): Promise<JsonObject> {
  const files = await changesOf(repository, commit);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...listedCommit(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => diffEntry(world, repository, file, commit.sha)),
  };
}

/** @throws Error when the sha that the forge itself keeps is not there any more. */
export async function knownCommit({ git, fullName }: Repository, sha: string): Promise<Commit> {
  const commit = await readCommit(git, sha);
  if (commit === undefined) throw new Error(`${fullName} has no commit ${sha}`);
  return commit;
}
