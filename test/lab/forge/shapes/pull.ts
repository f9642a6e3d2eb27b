import type { JsonObject } from '../../../../controller/api/json.ts';
import { type Commit, listCommits, resolveCommit } from '../git/commits.ts';
import { diffTrees, type FileDiff } from '../git/diff.ts';
import type { Pull, Repository } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { label } from './label.ts';
import { fullRepository, repositoryPage, repositoryUrl } from './repository.ts';
import { nodeId, simpleUser } from './user.ts';

/** Where a pull request's two ends are now; a deleted head stays where it was last seen. */
export interface Ends {
  readonly head: string;
  readonly base: string;
  readonly mergeBase: string;
}

export async function endsOf({ git }: Repository, pull: Pull): Promise<Ends> {
  const head = (pull.state === 'open' ? await resolveCommit(git, pull.head) : undefined) ?? pull.headSha;
  const base = (await resolveCommit(git, pull.base)) ?? pull.headSha;
  const mergeBase = (await git.maybe(['merge-base', base, head])) ?? base;
  return { head, base, mergeBase };
}

export function pullFiles({ git }: Repository, { mergeBase, head }: Ends): Promise<FileDiff[]> {
  return diffTrees(git, mergeBase, head);
}

/** Oldest first, as GitHub lists them. */
export async function pullCommits({ git }: Repository, { base, head }: Ends): Promise<Commit[]> {
  return listCommits(git, ['--reverse', '--topo-order', `${base}..${head}`]);
}

/** A pull request as lists have it. */
export async function listedPull(world: World, repository: Repository, pull: Pull): Promise<JsonObject> {
  const ends = await endsOf(repository, pull);
  return {
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    number: pull.number,
    state: pull.state,
    draft: pull.draft,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: simpleUser(world, pull.author),
    labels: pull.labels
      .flatMap((name) => repository.labels.get(name) ?? [])
      .map((one) => label(world, repository, one)),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    author_association: pull.author === repository.owner ? 'OWNER' : 'COLLABORATOR',
    auto_merge: null,
    active_lock_reason: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: null,
    merge_commit_sha: null,
    head: end(world, repository, pull.head, ends.head),
    base: end(world, repository, pull.base, ends.base),
    ...addresses(world, repository, pull, ends.head),
  };
}

/** A pull request as it is answered alone. */
export async function fullPull(world: World, repository: Repository, pull: Pull): Promise<JsonObject> {
  const ends = await endsOf(repository, pull);
  const files = await pullFiles(repository, ends);
  const commits = await pullCommits(repository, ends);
  const mergeable = pull.state === 'open' ? await mergesCleanly(repository, ends) : null;
  return {
    ...(await listedPull(world, repository, pull)),
    merged: false,
    merged_by: null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(repository, pull, mergeable),
    comments: repository.comments.filter(({ issue }) => issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** How runs and check runs mention a pull request. */
export async function minimalPull(world: World, repository: Repository, pull: Pull): Promise<JsonObject> {
  const ends = await endsOf(repository, pull);
  const repo = { id: repository.id, url: repositoryUrl(world, repository), name: repository.name };
  return {
    id: pull.id,
    number: pull.number,
    url: `${repositoryUrl(world, repository)}/pulls/${pull.number}`,
    head: { ref: pull.head, sha: ends.head, repo },
    base: { ref: pull.base, sha: ends.base, repo },
  };
}

function end(world: World, repository: Repository, ref: string, sha: string): JsonObject {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: simpleUser(world, repository.owner),
    repo: fullRepository(world, repository),
  };
}

function addresses(world: World, repository: Repository, { number }: Pull, head: string): JsonObject {
  const base = repositoryUrl(world, repository);
  const url = `${base}/pulls/${number}`;
  const issue = `${base}/issues/${number}`;
  const page = `${repositoryPage(world, repository)}/pull/${number}`;
  const links = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${base}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${base}/statuses/${head}`,
  };
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
}

async function mergesCleanly({ git }: Repository, { base, head }: Ends): Promise<boolean> {
  return (await git.maybe(['merge-tree', '--write-tree', base, head])) !== undefined;
}

function mergeableState(repository: Repository, pull: Pull, mergeable: boolean | null): string {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  if (pull.draft) return 'draft';
  return repository.protectedBranches.has(pull.base) ? 'blocked' : 'clean';
}
