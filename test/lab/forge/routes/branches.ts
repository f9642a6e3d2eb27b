import type { JsonObject } from '../../../../controller/api/json.ts';
import { ApiError, notFound, ok } from '../http/answer.ts';
import { listed } from '../http/pages.ts';
import { param, type RepositoryRequest } from '../http/request.ts';
import { read, type Route } from '../http/route.ts';
import { listedCommit } from '../shapes/commit.ts';
import { knownCommit } from '../shapes/files.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { refSha } from '../world/refs.ts';

interface Branch {
  readonly name: string;
  readonly sha: string;
}

export const branchRoutes: readonly Route[] = [
  read('/branches', async (request) => {
    const wanted = request.query.get('protected');
    const all = (await branchesOf(request)).filter(
      ({ name }) => wanted === null || String(isProtected(request, name)) === wanted,
    );
    return listed(request, all, (branch) => shortBranch(request, branch));
  }),
  read('/branches/{branch}', async (request) => ok(await fullBranch(request, await branchOf(request)))),
  read('/branches/{branch}/protection', async (request) => {
    const { name } = await branchOf(request);
    if (!isProtected(request, name)) throw new ApiError(404, 'Branch not protected');
    return ok(protectionRule(request, name));
  }),
];

function isProtected({ repository }: RepositoryRequest, name: string): boolean {
  return repository.protectedBranches.has(name);
}

async function branchesOf({ repository }: RepositoryRequest): Promise<Branch[]> {
  const output = await repository.git.text([
    'for-each-ref',
    '--format=%(objectname) %(refname:lstrip=2)',
    'refs/heads/',
  ]);
  if (output === '') return [];
  return output.split('\n').map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
}

async function branchOf(request: RepositoryRequest): Promise<Branch> {
  const name = param(request, 'branch');
  const sha = await refSha(request.repository, `refs/heads/${name}`);
  if (sha === undefined) throw name === '' ? notFound() : new ApiError(404, 'Branch not found');
  return { name, sha };
}

function protectionUrl({ world, repository }: RepositoryRequest, name: string): string {
  return `${repositoryUrl(world, repository)}/branches/${encodeURIComponent(name)}/protection`;
}

function shortBranch(request: RepositoryRequest, { name, sha }: Branch): JsonObject {
  const { world, repository } = request;
  return {
    name,
    commit: { sha, url: `${repositoryUrl(world, repository)}/commits/${sha}` },
    protected: isProtected(request, name),
    protection: protectionSummary(request, name),
    protection_url: protectionUrl(request, name),
  };
}

async function fullBranch(request: RepositoryRequest, branch: Branch): Promise<JsonObject> {
  const { world, repository } = request;
  const self = `${repositoryUrl(world, repository)}/branches/${encodeURIComponent(branch.name)}`;
  return {
    ...shortBranch(request, branch),
    commit: listedCommit(world, repository, await knownCommit(repository, branch.sha)),
    _links: { self, html: `${repositoryPage(world, repository)}/tree/${branch.name}` },
  };
}

function protectionSummary(request: RepositoryRequest, name: string): JsonObject {
  const level = isProtected(request, name) ? 'non_admins' : 'off';
  return { enabled: level !== 'off', required_status_checks: { enforcement_level: level, contexts: [], checks: [] } };
}

function protectionRule(request: RepositoryRequest, name: string): JsonObject {
  const url = protectionUrl(request, name);
  const off = { enabled: false };
  return {
    url,
    required_pull_request_reviews: {
      url: `${url}/required_pull_request_reviews`,
      dismiss_stale_reviews: false,
      require_code_owner_reviews: false,
      require_last_push_approval: false,
      required_approving_review_count: 1,
    },
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
    required_linear_history: off,
    allow_force_pushes: off,
    allow_deletions: off,
    block_creations: off,
    required_conversation_resolution: off,
    lock_branch: off,
    allow_fork_syncing: off,
  };
}
