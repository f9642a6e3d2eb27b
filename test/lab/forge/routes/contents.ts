import type { JsonObject } from '../../../../controller/api/json.ts';
import { resolveCommit } from '../git/commits.ts';
import { listTree, type TreeItem, treeItemAt } from '../git/trees.ts';
import { noObject, type TreeEntry, writeBlob, writeCommit, writeTree } from '../git/write.ts';
import { type Answer, ApiError, notFound, ok } from '../http/answer.ts';
import { mediaOf, textAnswer } from '../http/media.ts';
import { authorship } from '../http/person.ts';
import { optionalString, param, type RepositoryRequest, requiredString } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { gitCommit } from '../shapes/commit.ts';
import { contentFile, contentItem } from '../shapes/content.ts';
import { knownCommit } from '../shapes/files.ts';
import { isBarred, moveRef, refSha } from '../world/refs.ts';

export const contentRoutes: readonly Route[] = [
  read('/contents/{path}', (request) => getContent(request, cleanPath(param(request, 'path')))),
  write('contents', 'PUT', '/contents/{path}', putContent),
  write('contents', 'DELETE', '/contents/{path}', deleteContent),
];

function cleanPath(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, '');
}

async function getContent(request: RepositoryRequest, path: string): Promise<Answer> {
  const { world, repository, query } = request;
  const ref = query.get('ref') ?? repository.defaultBranch;
  const sha = await resolveCommit(repository.git, ref.replace(/^refs\/(heads|tags)\//, ''));
  if (sha === undefined)
    throw new ApiError(404, query.has('ref') ? `No commit found for the ref ${ref}` : 'This repository is empty.');
  const item = await treeItemAt(repository.git, sha, path);
  if (item === undefined) throw notFound();
  if (item.type === 'tree') return ok(await directory(request, item, ref));
  const bytes = await repository.git.bytes(['cat-file', 'blob', item.sha]);
  return mediaOf(request) === 'raw'
    ? textAnswer('raw', bytes)
    : ok(contentFile({ world, repository, item, ref }, bytes));
}

async function directory({ world, repository }: RepositoryRequest, tree: TreeItem, ref: string): Promise<JsonObject[]> {
  const items = await listTree(repository.git, tree.sha, false);
  const under = tree.path === '' ? '' : `${tree.path}/`;
  return items.map((item) => contentItem({ world, repository, item: { ...item, path: `${under}${item.path}` }, ref }));
}

async function putContent(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, body } = request;
  const path = cleanPath(param(request, 'path'));
  const message = requiredString(body, 'message');
  const bytes = Buffer.from(requiredString(body, 'content'), 'base64');
  const { branch, tip, current } = await target(request, path);
  const given = optionalString(body, 'sha');
  if (current !== undefined && given === undefined)
    throw new ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  mustMatch(path, given, current);
  const blob = await writeBlob(repository.git, bytes);
  const entry = { path, mode: current?.mode ?? '100644', sha: blob };
  const commit = await commitEntry(request, { branch, tip, message, entry });
  const item: TreeItem = { ...entry, type: 'blob', sha: blob, size: bytes.length };
  return {
    status: current === undefined ? 201 : 200,
    body: { content: contentItem({ world, repository, item, ref: branch }), commit },
  };
}

async function deleteContent(request: RepositoryRequest): Promise<Answer> {
  const { body, query } = request;
  const path = cleanPath(param(request, 'path'));
  const merged = { ...Object.fromEntries(query), ...body };
  const message = requiredString(merged, 'message');
  const { branch, tip, current } = await target({ ...request, body: merged }, path);
  if (current === undefined) throw notFound();
  mustMatch(path, requiredString(merged, 'sha'), current);
  const entry = { path, mode: current.mode, sha: null };
  return ok({ content: null, commit: await commitEntry(request, { branch, tip, message, entry }) });
}

interface Target {
  readonly branch: string;
  /** Undefined in an empty repository. */
  readonly tip: string | undefined;
  readonly current: TreeItem | undefined;
}

async function target({ repository, actor, body }: RepositoryRequest, path: string): Promise<Target> {
  const branch = (optionalString(body, 'branch') ?? repository.defaultBranch).replace(/^refs\/heads\//, '');
  const ref = `refs/heads/${branch}`;
  const tip = await refSha(repository, ref);
  if (tip === undefined && (await refSha(repository, `refs/heads/${repository.defaultBranch}`)) !== undefined)
    throw new ApiError(404, `Branch ${branch} not found`);
  if (isBarred(repository, ref, actor))
    throw new ApiError(409, 'Could not update file: Changes must be made through a pull request.');
  return { branch, tip, current: tip === undefined ? undefined : await treeItemAt(repository.git, tip, path) };
}

function mustMatch(path: string, given: string | undefined, current: TreeItem | undefined): void {
  if (given !== undefined && given !== current?.sha) throw new ApiError(409, `${path} does not match ${given}`);
}

interface Change extends Omit<Target, 'current'> {
  readonly message: string;
  readonly entry: TreeEntry;
}

async function commitEntry(request: RepositoryRequest, { branch, tip, message, entry }: Change): Promise<JsonObject> {
  const { world, repository, actor } = request;
  const tree = await writeTree(repository.git, tip, [entry]);
  const parents = tip === undefined ? [] : [tip];
  const after = await writeCommit(repository.git, { tree, parents, message, ...authorship(request) });
  await moveRef(world, repository, { ref: `refs/heads/${branch}`, before: tip ?? noObject, after }, actor.login);
  return gitCommit(world, repository, await knownCommit(repository, after));
}
