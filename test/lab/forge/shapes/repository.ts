import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Repository } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { nodeId, simpleUser } from './user.ts';

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.apiUrl}/repos/${repository.fullName}`;
}

export function repositoryPage(world: World, repository: Repository): string {
  return `${world.url}/${repository.fullName}`;
}

export function cloneUrl(world: World, repository: Repository): string {
  return `${repositoryPage(world, repository)}.git`;
}

const addresses: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
  hooks_url: '/hooks',
};

/** What is in every mention of a repository, in a run as in a pull request. */
export function minimalRepository(world: World, repository: Repository): JsonObject {
  const url = repositoryUrl(world, repository);
  const links = Object.entries(addresses).map(([name, path]) => [name, `${url}${path}`]);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: true,
    owner: simpleUser(world, repository.owner),
    html_url: repositoryPage(world, repository),
    description: repository.description,
    fork: false,
    url,
    ...Object.fromEntries(links),
  };
}

export function fullRepository(world: World, repository: Repository): JsonObject {
  return {
    ...minimalRepository(world, repository),
    git_url: `git:${repositoryPage(world, repository).slice('http:'.length)}.git`,
    ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
    clone_url: cloneUrl(world, repository),
    svn_url: repositoryPage(world, repository),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    visibility: 'private',
    archived: false,
    disabled: false,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_downloads: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    pushed_at: repository.pushedAt,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    ...counts(repository),
  };
}

function counts(repository: Repository): JsonObject {
  const open = repository.pulls.filter(({ state }) => state === 'open').length;
  return {
    size: 0,
    forks: 0,
    forks_count: 0,
    network_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
  };
}
