import { type Person, rfc3339 } from './git/commits.ts';
import { noObject, type TreeEntry, updateRef, writeBlob, writeCommit, writeTree } from './git/write.ts';
import type { Author, CommitOptions, FileContent, RepositoryOptions } from './options.ts';
import { refSha } from './world/refs.ts';
import type { Repository } from './world/repository.ts';
import type { World } from './world/world.ts';

/** Writes repositories from inside the machine: how the lab is set up and broken, which is not an outside write. */

const maintainer: Author = { name: 'Lab Maintainer', email: 'maintainer@lab.localhost' };

export async function createWithFiles(world: World, fullName: string, options: RepositoryOptions): Promise<string> {
  const repository = await world.create({
    fullName,
    description: options.description ?? null,
    defaultBranch: options.defaultBranch ?? 'main',
    protectedBranches: options.protectedBranches ?? [],
  });
  const { files, message = 'Initial commit', author = maintainer, runWorkflows = false } = options;
  if (files === undefined) return noObject;
  const date = options.date === undefined ? {} : { date: options.date };
  return commitFiles(world, repository, { files, message, author, runWorkflows, ...date });
}

export async function commitFiles(world: World, repository: Repository, options: CommitOptions): Promise<string> {
  const { git } = repository;
  const ref = `refs/heads/${options.branch ?? repository.defaultBranch}`;
  const before = await refSha(repository, ref);
  const parent = before ?? (await refSha(repository, `refs/heads/${repository.defaultBranch}`));
  const author = personOf(options.author ?? maintainer, options.date ?? world.options.now());
  const entries = await Promise.all(
    Object.entries(options.files).map(([path, content]) => entryOf(repository, path, content)),
  );
  const tree = await writeTree(git, parent, entries);
  const parents = parent === undefined ? [] : [parent];
  const after = await writeCommit(git, { tree, parents, message: options.message, author, committer: author });
  if (!(await updateRef(git, ref, after, before ?? noObject))) throw new Error(`${ref} was moved by somebody else`);
  const silent = options.runWorkflows === false;
  await world.onRefMoved({ repository, ref, before: before ?? noObject, after, actor: 'admin', silent });
  return after;
}

function personOf({ name, email }: Author, date: Date): Person {
  return { name, email, date: rfc3339(date) };
}

async function entryOf({ git }: Repository, path: string, content: FileContent | null): Promise<TreeEntry> {
  if (content === null) return { path, mode: '0', sha: null };
  const file = typeof content === 'string' ? { content } : content;
  return { path, mode: file.executable === true ? '100755' : '100644', sha: await writeBlob(git, file.content) };
}
