import type { IncomingMessage } from 'node:http';
import { noObject } from '../git/write.ts';
import { isBarred } from '../world/refs.ts';
import type { Repository } from '../world/repository.ts';
import { maySee, tokenIn, type TokenOptions } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import type { RefChange } from '../world/writes.ts';
import type { Answer } from './answer.ts';
import { runBackend } from './cgi.ts';
import { type PushRequest, parsePush, refusePush } from './push.ts';
import { readBody } from './read-body.ts';

interface GitRequest {
  readonly world: World;
  readonly repository: Repository;
  readonly actor: TokenOptions;
  readonly message: IncomingMessage;
  readonly service: string;
  readonly query: string;
  readonly body: Buffer;
}

const services = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Answers `git clone`, `fetch` and `push` over HTTP; undefined when the request is none of these. @throws Dropped */
export async function answerGit(world: World, message: IncomingMessage): Promise<Answer | undefined> {
  const url = new URL(message.url ?? '/', world.url);
  const found = services.exec(url.pathname);
  if (found === null) return undefined;
  const [, owner = '', name = '', service = ''] = found;
  const actor = world.tokens.find(tokenIn(message.headers.authorization) ?? '');
  if (actor === undefined) return challenge();
  const repository = world.find(`${owner}/${name}`);
  if (repository === undefined || !maySee(actor, repository.fullName)) return plain(404, 'Repository not found.');
  const receives = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  if (receives && actor.scope === 'read')
    return plain(403, `Permission to ${repository.fullName}.git denied to ${actor.login}.`);
  const body = await readBody(message);
  const request = { world, repository, actor, message, service, query: url.search.slice(1), body };
  const answer = await (service === 'git-receive-pack' ? receive(request) : backend(request));
  // On a kept connection that breaks, curl would send a push again by itself, and no test could tell who asked for it.
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

function backend({ world, repository, actor, message, service, query, body }: GitRequest): Promise<Answer> {
  return runBackend({
    projectRoot: world.options.repositoriesFolder,
    pathInfo: `/${repository.fullName}.git/${service}`,
    method: message.method ?? 'GET',
    query,
    headers: message.headers,
    body,
    login: actor.login,
    signal: world.options.signal,
  });
}

async function receive(request: GitRequest): Promise<Answer> {
  const push = parsePush(request.body);
  // git sends an empty request first when it is about to send a big one, to see whether it may.
  if (push.changes.length === 0) return backend(request);
  const { world, repository, actor } = request;
  const path = `/${repository.fullName}.git/git-receive-pack`;
  const { answer } = await world.writes.perform(
    { kind: 'push', method: 'POST', path, repository: repository.fullName, actor: actor.login, changes: push.changes },
    () => apply(request, push),
    (outcome) => outcome.moved.length > 0,
  );
  return answer;
}

async function apply(request: GitRequest, push: PushRequest): Promise<{ moved: RefChange[]; answer: Answer }> {
  const { world, repository, actor } = request;
  const refused = push.changes.find(({ ref }) => isBarred(repository, ref, actor));
  if (refused !== undefined) return { moved: [], answer: refusal(push, refused.ref) };
  const possible = await changesAt(repository, push.changes, 'before');
  const answer = await backend(request);
  const moved = await changesAt(repository, possible, 'after');
  for (const change of moved) await world.onRefMoved({ ...change, repository, actor: actor.login });
  return { moved, answer };
}

/** Those changes of which the ref is now where it was to be before, or after. */
async function changesAt(
  { git }: Repository,
  changes: readonly RefChange[],
  when: 'before' | 'after',
): Promise<RefChange[]> {
  const found: RefChange[] = [];
  for (const change of changes) {
    const now = (await git.maybe(['rev-parse', '--verify', '--quiet', change.ref])) ?? noObject;
    if (now === change[when] && change.before !== change.after) found.push(change);
  }
  return found;
}

function refusal(push: PushRequest, protectedRef: string): Answer {
  const remarks = [
    `error: GH006: Protected branch update failed for ${protectedRef}.`,
    'error: Changes must be made through a pull request.',
  ];
  const reason = (ref: string): string =>
    ref === protectedRef ? 'protected branch hook declined' : 'pre-receive hook declined';
  return { status: 200, type: 'application/x-git-receive-pack-result', body: refusePush(push, reason, remarks) };
}

function challenge(): Answer {
  return { ...plain(401, 'Authentication failed.'), headers: { 'www-authenticate': 'Basic realm="GitHub"' } };
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain', body: Buffer.from(`${text}\n`) };
}
