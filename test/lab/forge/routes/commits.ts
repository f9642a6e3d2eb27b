import type { JsonObject } from '../../../../controller/api/json.ts';
import { type Commit, listCommits, readCommit, resolveCommit } from '../git/commits.ts';
import { diffTrees } from '../git/diff.ts';
import { emptyTree } from '../git/write.ts';
import { type Answer, ApiError, notFound, ok } from '../http/answer.ts';
import { mediaOf, textAnswer } from '../http/media.ts';
import { listed } from '../http/pages.ts';
import { param, type RepositoryRequest } from '../http/request.ts';
import { read, type Route } from '../http/route.ts';
import { listedCommit } from '../shapes/commit.ts';
import { diffEntry, fullCommit } from '../shapes/files.ts';
import { listedPull } from '../shapes/pull.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { userEmail } from '../shapes/user.ts';

export const commitRoutes: readonly Route[] = [
  read('/commits', getCommits),
  read('/commits/{ref}', getCommit),
  read('/commits/{commit_sha}/pulls', pullsWithCommit),
  read('/compare/{basehead}', compare),
];

/** A commit by branch, tag or sha. @throws ApiError 422, as GitHub answers where there is none */
export async function commitAt({ repository }: RepositoryRequest, ref: string): Promise<Commit> {
  const commit = await readCommit(repository.git, ref.replace(/^(refs\/)?(heads|tags)\//, ''));
  if (commit === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  return commit;
}

async function getCommits(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, query } = request;
  const { git, defaultBranch } = repository;
  if ((await git.text(['for-each-ref', '--count=1'])) === '') throw new ApiError(409, 'Git Repository is empty.');
  const sha = await resolveCommit(git, query.get('sha') ?? defaultBranch);
  if (sha === undefined) throw notFound();
  const commits = await listCommits(git, [...filters(query), sha, '--', ...optional(query.get('path'))]);
  return listed(request, commits, (commit) => listedCommit(world, repository, commit));
}

function optional(value: string | null): string[] {
  return value === null || value === '' ? [] : [value];
}

function filters(query: URLSearchParams): string[] {
  const authors = optional(query.get('author')).map(
    (author) => `--author=<${author.includes('@') ? author : userEmail(author)}>`,
  );
  const committers = optional(query.get('committer')).map(
    (who) => `--committer=<${who.includes('@') ? who : userEmail(who)}>`,
  );
  const since = optional(query.get('since')).map((time) => `--since=${time}`);
  const until = optional(query.get('until')).map((time) => `--until=${time}`);
  return ['--fixed-strings', ...authors, ...committers, ...since, ...until];
}

async function getCommit(request: RepositoryRequest): Promise<Answer> {
  const { world, repository } = request;
  const commit = await commitAt(request, param(request, 'ref'));
  const { git } = repository;
  const media = mediaOf(request);
  switch (media) {
    case 'sha':
      return textAnswer(media, Buffer.from(commit.sha));
    case 'diff':
      return textAnswer(media, await git.bytes(['diff', '--no-color', commit.parents[0] ?? emptyTree, commit.sha]));
    case 'patch':
      return textAnswer(media, await git.bytes(['format-patch', '--stdout', '--root', '-1', commit.sha]));
    default:
      return ok(await fullCommit(world, repository, commit));
  }
}

/** Open and closed pull requests whose head holds the commit, which is not yet in their base. */
async function pullsWithCommit(request: RepositoryRequest): Promise<Answer> {
  const { world, repository } = request;
  const { sha } = await commitAt(request, param(request, 'commit_sha'));
  const holding = [];
  for (const pull of repository.pulls) {
    const base = (await resolveCommit(repository.git, pull.base)) ?? emptyTree;
    const inHead = await repository.git.maybe(['merge-base', '--is-ancestor', sha, pull.headSha]);
    const inBase = await repository.git.maybe(['merge-base', '--is-ancestor', sha, base]);
    if (inHead !== undefined && inBase === undefined) holding.push(pull);
  }
  return listed(request, holding, (pull) => listedPull(world, repository, pull));
}

interface Comparison {
  readonly base: Commit;
  readonly head: Commit;
  readonly mergeBase: Commit;
}

async function compare(request: RepositoryRequest): Promise<Answer> {
  const { git } = request.repository;
  const [from = '', to = ''] = param(request, 'basehead').split('...', 2);
  const base = await readCommit(git, withoutOwner(request, from));
  const head = await readCommit(git, withoutOwner(request, to));
  if (base === undefined || head === undefined) throw notFound();
  const mergeBase = await readCommit(git, (await git.maybe(['merge-base', base.sha, head.sha])) ?? '');
  if (mergeBase === undefined) throw new ApiError(404, `No common ancestor between ${from} and ${to}.`);
  const media = mediaOf(request);
  if (media === 'diff') return textAnswer(media, await git.bytes(['diff', '--no-color', mergeBase.sha, head.sha]));
  if (media === 'patch')
    return textAnswer(media, await git.bytes(['format-patch', '--stdout', `${base.sha}..${head.sha}`]));
  return ok(await comparison(request, { base, head, mergeBase }));
}

function withoutOwner({ repository }: RepositoryRequest, ref: string): string {
  const [owner, branch] = ref.split(':', 2);
  return branch !== undefined && owner === repository.owner ? branch : ref;
}

/** At most 250 commits, oldest first; files against the merge base. */
async function comparison(request: RepositoryRequest, { base, head, mergeBase }: Comparison): Promise<JsonObject> {
  const { world, repository } = request;
  const { git } = repository;
  const commits = await listCommits(git, ['--reverse', '--topo-order', `${base.sha}..${head.sha}`]);
  const behind = Number(await git.text(['rev-list', '--count', `${head.sha}..${base.sha}`]));
  const files = await diffTrees(git, mergeBase.sha, head.sha);
  const shape = (commit: Commit): JsonObject => listedCommit(world, repository, commit);
  const page = `${repositoryPage(world, repository)}/compare/${base.sha}...${head.sha}`;
  return {
    url: `${repositoryUrl(world, repository)}/compare/${base.sha}...${head.sha}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: shape(base),
    merge_base_commit: shape(mergeBase),
    status: relation(commits.length, behind),
    ahead_by: commits.length,
    behind_by: behind,
    total_commits: commits.length,
    commits: commits.slice(0, 250).map(shape),
    files: files.map((file) => diffEntry(world, repository, file, head.sha)),
  };
}

function relation(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}
