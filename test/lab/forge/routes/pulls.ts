import { resolveCommit } from '../git/commits.ts';
import { type Answer, created, notFound, ok, validationFailed } from '../http/answer.ts';
import { mediaOf, textAnswer } from '../http/media.ts';
import { listed } from '../http/pages.ts';
import {
  numberParam,
  optionalBoolean,
  optionalString,
  type RepositoryRequest,
  requiredString,
} from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { listedCommit } from '../shapes/commit.ts';
import { diffEntry } from '../shapes/files.ts';
import { endsOf, fullPull, listedPull, pullCommits, pullFiles } from '../shapes/pull.ts';
import type { Pull, Repository } from '../world/repository.ts';

export const pullRoutes: readonly Route[] = [
  read('/pulls', listPulls),
  read('/pulls/{pull_number}', getPull),
  read('/pulls/{pull_number}/files', listFiles),
  read('/pulls/{pull_number}/commits', async (request) => {
    const { world, repository } = request;
    const commits = await pullCommits(repository, await endsOf(repository, pullOf(request)));
    return listed(request, commits, (commit) => listedCommit(world, repository, commit));
  }),
  write('pull', 'POST', '/pulls', createPull),
  write('pull', 'PATCH', '/pulls/{pull_number}', updatePull),
];

function shape({ world, repository }: RepositoryRequest, pull: Pull): ReturnType<typeof fullPull> {
  return fullPull(world, repository, pull);
}

function pullOf(request: RepositoryRequest): Pull {
  const number = numberParam(request, 'pull_number');
  const pull = request.repository.pulls.find((one) => one.number === number);
  if (pull === undefined) throw notFound();
  return pull;
}

async function getPull(request: RepositoryRequest): Promise<Answer> {
  const pull = pullOf(request);
  const { git } = request.repository;
  const media = mediaOf(request);
  if (media !== 'diff' && media !== 'patch') return ok(await shape(request, pull));
  const { base, mergeBase, head } = await endsOf(request.repository, pull);
  const args =
    media === 'diff' ? ['diff', '--no-color', mergeBase, head] : ['format-patch', '--stdout', `${base}..${head}`];
  return textAnswer(media, await git.bytes(args));
}

async function listFiles(request: RepositoryRequest): Promise<Answer> {
  const { world, repository } = request;
  const ends = await endsOf(repository, pullOf(request));
  return listed(request, await pullFiles(repository, ends), (file) => diffEntry(world, repository, file, ends.head));
}

function listPulls(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, query } = request;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const found = repository.pulls.filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (head === null || `${repository.owner}:${pull.head}` === head) &&
      (base === null || pull.base === base),
  );
  return listed(request, sorted(found, query), (pull) => listedPull(world, repository, pull));
}

/** By `sort` and `direction`; GitHub's default is the newest first. */
function sorted(pulls: readonly Pull[], query: URLSearchParams): Pull[] {
  const field = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const ascending = pulls.toSorted((a, b) => a[field].localeCompare(b[field]) || a.number - b.number);
  const direction = query.get('direction') ?? (query.has('sort') && query.get('sort') !== 'created' ? 'asc' : 'desc');
  return direction === 'asc' ? ascending : ascending.toReversed();
}

async function createPull(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, actor, body } = request;
  const title = requiredString(body, 'title');
  const head = headBranch(repository, requiredString(body, 'head'));
  const base = requiredString(body, 'base');
  const headSha = await validEnds(repository, head, base);
  const pull: Pull = {
    id: world.id('object'),
    number: ++repository.lastNumber,
    author: actor.login,
    createdAt: world.now(),
    updatedAt: world.now(),
    closedAt: null,
    head,
    headSha,
    base,
    title,
    body: optionalString(body, 'body') ?? null,
    draft: optionalBoolean(body, 'draft') ?? false,
    state: 'open',
    labels: [],
  };
  repository.pulls.push(pull);
  return created(await shape(request, pull));
}

/** `owner:branch` or `branch`; forks are not there. */
function headBranch({ owner }: Repository, head: string): string {
  const [first = '', rest] = head.split(':', 2);
  if (rest === undefined) return first;
  if (first.toLowerCase() !== owner.toLowerCase()) throw invalid('head');
  return rest;
}

function invalid(field: 'head' | 'base'): Error {
  return validationFailed({ resource: 'PullRequest', field, code: 'invalid' });
}

function refused(message: string): Error {
  return validationFailed({ resource: 'PullRequest', code: 'custom', message });
}

/** The head's sha. @throws ApiError 422, with the same errors as GitHub gives */
async function validEnds(repository: Repository, head: string, base: string): Promise<string> {
  const { git, owner, pulls } = repository;
  const headSha = await git.maybe(['rev-parse', '--verify', '--quiet', `refs/heads/${head}`]);
  if (headSha === undefined) throw invalid('head');
  if ((await git.maybe(['rev-parse', '--verify', '--quiet', `refs/heads/${base}`])) === undefined)
    throw invalid('base');
  const open = pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === base);
  if (open) throw refused(`A pull request already exists for ${owner}:${head}.`);
  const ahead = await git.text(['rev-list', '--count', `refs/heads/${base}..refs/heads/${head}`]);
  if (ahead === '0') throw refused(`No commits between ${base} and ${head}`);
  return headSha;
}

/** Title, body, state and base; GitHub ignores `draft` here (see the GraphQL mutations). */
async function updatePull(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, body } = request;
  const pull = pullOf(request);
  const base = optionalString(body, 'base');
  if (base !== undefined && (await resolveCommit(repository.git, base)) === undefined) throw invalid('base');
  const state = optionalString(body, 'state') ?? pull.state;
  if (state !== 'open' && state !== 'closed')
    throw validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid' });
  pull.title = optionalString(body, 'title') ?? pull.title;
  pull.body = body['body'] === undefined ? pull.body : (optionalString(body, 'body') ?? null);
  pull.base = base ?? pull.base;
  if (state !== pull.state) pull.closedAt = state === 'closed' ? world.now() : null;
  pull.state = state;
  pull.updatedAt = world.now();
  return ok(await shape(request, pull));
}
