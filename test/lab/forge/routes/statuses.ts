import type { JsonObject } from '../../../../controller/api/json.ts';
import { type Answer, created, ok, validationFailed } from '../http/answer.ts';
import { listed } from '../http/pages.ts';
import { optionalString, param, type RepositoryRequest, requiredString } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { minimalRepository, repositoryUrl } from '../shapes/repository.ts';
import { nodeId, simpleUser } from '../shapes/user.ts';
import type { CommitStatus } from '../world/repository.ts';
import { commitAt } from './commits.ts';

export const statusRoutes: readonly Route[] = [
  write('status', 'POST', '/statuses/{sha}', createStatus),
  read('/commits/{ref}/statuses', async (request) => {
    const { sha } = await commitAt(request, param(request, 'ref'));
    return listed(request, statusesOf(request, sha).toReversed(), (status) => shape(request, sha, status));
  }),
  read('/commits/{ref}/status', combined),
];

const states = new Set(['error', 'failure', 'pending', 'success']);

function isState(state: string): state is CommitStatus['state'] {
  return states.has(state);
}

function statusesOf({ repository }: RepositoryRequest, sha: string): readonly CommitStatus[] {
  return repository.statuses.get(sha) ?? [];
}

async function createStatus(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, actor, body } = request;
  const { sha } = await commitAt(request, param(request, 'sha'));
  const state = requiredString(body, 'state');
  if (!isState(state)) throw validationFailed({ resource: 'Status', field: 'state', code: 'invalid' });
  const status: CommitStatus = {
    id: world.id('object'),
    state,
    context: optionalString(body, 'context') ?? 'default',
    description: optionalString(body, 'description') ?? null,
    targetUrl: optionalString(body, 'target_url') ?? null,
    creator: actor.login,
    createdAt: world.now(),
  };
  repository.statuses.set(sha, [...statusesOf(request, sha), status]);
  return created(shape(request, sha, status));
}

function shape(request: RepositoryRequest, sha: string, status: CommitStatus): JsonObject {
  const creator = simpleUser(request.world, status.creator);
  return { ...simpleShape(request, sha, status), creator };
}

function simpleShape({ world, repository }: RepositoryRequest, sha: string, status: CommitStatus): JsonObject {
  return {
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    url: `${repositoryUrl(world, repository)}/statuses/${sha}`,
    avatar_url: simpleUser(world, status.creator)['avatar_url'] ?? null,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

/** The newest status of each context, and what they come to: failure before pending before success; pending when there is none. */
async function combined(request: RepositoryRequest): Promise<Answer> {
  const { world, repository } = request;
  const { sha } = await commitAt(request, param(request, 'ref'));
  const newest = [...new Map(statusesOf(request, sha).map((status) => [status.context, status])).values()];
  const url = repositoryUrl(world, repository);
  return ok({
    state: together(newest.map(({ state }) => state)),
    statuses: newest.map((status) => simpleShape(request, sha, status)),
    sha,
    total_count: newest.length,
    repository: minimalRepository(world, repository),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  });
}

function together(all: readonly CommitStatus['state'][]): 'failure' | 'pending' | 'success' {
  if (all.includes('error') || all.includes('failure')) return 'failure';
  return all.length === 0 || all.includes('pending') ? 'pending' : 'success';
}
