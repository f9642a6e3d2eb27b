import type { JsonObject } from '../../../../controller/api/json.ts';
import { readCommit } from '../git/commits.ts';
import { listTree, type TreeItem } from '../git/trees.ts';
import { type TreeEntry, writeBlob, writeCommit, writeTree } from '../git/write.ts';
import { type Answer, ApiError, created, notFound, ok } from '../http/answer.ts';
import { base64Lines } from '../http/base64.ts';
import { mediaOf, textAnswer } from '../http/media.ts';
import { authorship } from '../http/person.ts';
import {
  objectList,
  optionalString,
  param,
  type RepositoryRequest,
  requiredString,
  stringList,
} from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { gitCommit } from '../shapes/commit.ts';
import { knownCommit } from '../shapes/files.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import { nodeId } from '../shapes/user.ts';

export const gitObjectRoutes: readonly Route[] = [
  read('/git/blobs/{file_sha}', getBlob),
  write('object', 'POST', '/git/blobs', createBlob),
  read('/git/trees/{tree_sha}', getTree),
  write('object', 'POST', '/git/trees', createTree),
  read('/git/commits/{commit_sha}', getCommit),
  write('object', 'POST', '/git/commits', createCommit),
];

const fullSha = /^[0-9a-f]{40}$/;

async function hasType({ repository }: RepositoryRequest, sha: string, type: string): Promise<boolean> {
  return fullSha.test(sha) && (await repository.git.maybe(['cat-file', '-t', sha])) === type;
}

function blobUrl({ world, repository }: RepositoryRequest, sha: string): string {
  return `${repositoryUrl(world, repository)}/git/blobs/${sha}`;
}

async function getBlob(request: RepositoryRequest): Promise<Answer> {
  const sha = param(request, 'file_sha');
  if (!(await hasType(request, sha, 'blob'))) throw notFound();
  const bytes = await request.repository.git.bytes(['cat-file', 'blob', sha]);
  if (mediaOf(request) === 'raw') return textAnswer('raw', bytes);
  return ok({
    sha,
    node_id: nodeId('Blob', sha),
    size: bytes.length,
    url: blobUrl(request, sha),
    content: base64Lines(bytes),
    encoding: 'base64',
  });
}

async function createBlob(request: RepositoryRequest): Promise<Answer> {
  const content = requiredString(request.body, 'content');
  const encoding = optionalString(request.body, 'encoding') ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'base64') throw new ApiError(422, `Invalid encoding: ${encoding}`);
  const sha = await writeBlob(request.repository.git, Buffer.from(content, encoding));
  return created({ sha, url: blobUrl(request, sha) });
}

async function getTree(request: RepositoryRequest): Promise<Answer> {
  const { git } = request.repository;
  const wanted = param(request, 'tree_sha');
  const candidates = [wanted, `refs/heads/${wanted}`, `refs/tags/${wanted}`];
  for (const name of candidates) {
    const sha = await git.maybe(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`]);
    if (sha !== undefined) return ok(await treeShape(request, sha, request.query.has('recursive')));
  }
  throw notFound();
}

async function treeShape(request: RepositoryRequest, sha: string, recursive: boolean): Promise<JsonObject> {
  const { world, repository } = request;
  const url = `${repositoryUrl(world, repository)}/git/trees/${sha}`;
  const items = await listTree(repository.git, sha, recursive);
  return { sha, url, tree: items.map((item) => itemShape(request, item)), truncated: false };
}

function itemShape({ world, repository }: RepositoryRequest, { path, mode, type, sha, size }: TreeItem): JsonObject {
  const url = `${repositoryUrl(world, repository)}/git/${type}s/${sha}`;
  return { path, mode, type, sha, url, ...(size === undefined ? {} : { size }) };
}

async function createTree(request: RepositoryRequest): Promise<Answer> {
  const { git } = request.repository;
  const base = optionalString(request.body, 'base_tree');
  if (base !== undefined && (await git.maybe(['rev-parse', '--verify', '--quiet', `${base}^{tree}`])) === undefined)
    throw new ApiError(422, 'base_tree is not a valid tree oid');
  const entries: TreeEntry[] = [];
  for (const entry of objectList(request.body, 'tree')) entries.push(await treeEntry(request, entry));
  return created(await treeShape(request, await writeTree(git, base, entries), false));
}

async function treeEntry(request: RepositoryRequest, entry: JsonObject): Promise<TreeEntry> {
  const path = requiredString(entry, 'path');
  if (path === '' || path.startsWith('/') || path.split('/').some((part) => part === '..' || part === '.git'))
    throw new ApiError(422, `tree.path contains a malformed path component: ${path}`);
  const mode = optionalString(entry, 'mode') ?? '100644';
  const content = optionalString(entry, 'content');
  if (content !== undefined) return { path, mode, sha: await writeBlob(request.repository.git, content) };
  if (entry['sha'] === null) return { path, mode, sha: null };
  const sha = requiredString(entry, 'sha');
  if (!(await hasType(request, sha, mode === '040000' ? 'tree' : 'blob')))
    throw new ApiError(422, `tree.sha ${sha} is not a valid ${mode === '040000' ? 'tree' : 'blob'}`);
  return { path, mode, sha };
}

async function getCommit(request: RepositoryRequest): Promise<Answer> {
  const { world, repository } = request;
  const sha = param(request, 'commit_sha');
  const commit = fullSha.test(sha) ? await readCommit(repository.git, sha) : undefined;
  if (commit === undefined) throw notFound();
  return ok(gitCommit(world, repository, commit));
}

async function createCommit(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, body } = request;
  const message = requiredString(body, 'message');
  const tree = requiredString(body, 'tree');
  if (!(await hasType(request, tree, 'tree'))) throw new ApiError(422, 'Tree SHA does not exist');
  const parents = stringList(body, 'parents') ?? [];
  for (const parent of parents)
    if (!(await hasType(request, parent, 'commit')))
      throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
  const sha = await writeCommit(repository.git, { tree, parents, message, ...authorship(request) });
  return created(gitCommit(world, repository, await knownCommit(repository, sha)));
}
