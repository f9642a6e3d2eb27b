import type { JsonObject } from '../../../../controller/api/json.ts';
import { noObject } from '../git/write.ts';
import { ApiError, created, noContent, notFound, ok } from '../http/answer.ts';
import { listed } from '../http/pages.ts';
import { optionalBoolean, param, type RepositoryRequest, requiredString } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import { nodeId } from '../shapes/user.ts';
import { isBarred, moveRef, refSha } from '../world/refs.ts';

interface RefState {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
}

export const refRoutes: readonly Route[] = [
  read('/git/ref/{ref}', async (request) => ok(shape(request, await existing(request, 404)))),
  read('/git/matching-refs/{ref}', async (request) => {
    const prefix = `refs/${param(request, 'ref')}`;
    const all = await refsOf(request);
    return listed(
      request,
      all.filter(({ ref }) => ref.startsWith(prefix)),
      (state) => shape(request, state),
    );
  }),
  write('ref', 'POST', '/git/refs', createRef),
  write('ref', 'PATCH', '/git/refs/{ref}', updateRef),
  write('ref', 'DELETE', '/git/refs/{ref}', deleteRef),
];

async function createRef(request: RepositoryRequest): ReturnType<Route['handle']> {
  const { world, repository, actor, body } = request;
  const ref = requiredString(body, 'ref');
  const sha = requiredString(body, 'sha');
  if (!/^refs\/.+\/?/.test(ref) || (await repository.git.maybe(['check-ref-format', ref])) === undefined)
    throw new ApiError(422, `Reference name is not valid: ${ref}`);
  await commitExists(request, sha);
  if ((await refSha(repository, ref)) !== undefined) throw new ApiError(422, 'Reference already exists');
  if (isBarred(repository, ref, actor)) throw new ApiError(422, 'Changes must be made through a pull request.');
  await moveRef(world, repository, { ref, before: noObject, after: sha }, actor.login);
  return created(shape(request, { ref, sha, type: 'commit' }));
}

async function updateRef(request: RepositoryRequest): ReturnType<Route['handle']> {
  const { world, repository, actor, body } = request;
  const after = requiredString(body, 'sha');
  const force = optionalBoolean(body, 'force') ?? false;
  const { ref, sha: before } = await existing(request, 422);
  await commitExists(request, after);
  if (isBarred(repository, ref, actor)) throw new ApiError(422, 'Changes must be made through a pull request.');
  const forward = (await repository.git.maybe(['merge-base', '--is-ancestor', before, after])) !== undefined;
  if (!forward && !force) throw new ApiError(422, 'Update is not a fast forward');
  if (before !== after) await moveRef(world, repository, { ref, before, after }, actor.login);
  return ok(shape(request, { ref, sha: after, type: 'commit' }));
}

async function deleteRef(request: RepositoryRequest): ReturnType<Route['handle']> {
  const { world, repository, actor } = request;
  const { ref, sha } = await existing(request, 422);
  if (isBarred(repository, ref, actor)) throw new ApiError(422, 'Cannot delete a protected branch');
  await moveRef(world, repository, { ref, before: sha, after: noObject }, actor.login);
  return noContent;
}

/** GitHub answers 404 to a read of a ref that is not there, and 422 to a write. */
async function existing(request: RepositoryRequest, otherwise: 404 | 422): Promise<RefState> {
  const ref = `refs/${param(request, 'ref')}`;
  const state = (await refsOf(request)).find((one) => one.ref === ref);
  if (state !== undefined) return state;
  throw otherwise === 404 ? notFound() : new ApiError(422, 'Reference does not exist');
}

async function refsOf({ repository }: RepositoryRequest): Promise<RefState[]> {
  const output = await repository.git.text(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  if (output === '') return [];
  return output.split('\n').map((line) => {
    const [ref = '', sha = '', type = ''] = line.split(' ');
    return { ref, sha, type };
  });
}

async function commitExists({ repository }: RepositoryRequest, sha: string): Promise<void> {
  const type = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.maybe(['cat-file', '-t', sha]) : undefined;
  if (type !== 'commit') throw new ApiError(422, 'Object does not exist');
}

function shape({ world, repository }: RepositoryRequest, { ref, sha, type }: RefState): JsonObject {
  const url = repositoryUrl(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', `${repository.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { type, sha, url: `${url}/git/${type}s/${sha}` },
  };
}
