import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Actions } from '../actions/actions.ts';
import { maySee, tokenIn, type TokenOptions } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import { type Answer, ApiError, notFound } from './answer.ts';
import type { Downloads } from './downloads.ts';
import { readBody } from './read-body.ts';
import { type ApiRequest, isObject } from './request.ts';
import type { Match, Router } from './route.ts';

export const apiPrefix = '/api/v3';

const bodyless = new Set(['GET', 'HEAD']);

/** What answering needs. */
export interface Api {
  readonly world: World;
  readonly actions: Actions;
  readonly downloads: Downloads;
  readonly router: Router;
}

/** Answers a request to the REST API, refusals included. @throws Dropped */
export async function answerApi(api: Api, message: IncomingMessage): Promise<Answer> {
  try {
    return await route(api, message);
  } catch (error) {
    if (error instanceof ApiError) return error.answer();
    throw error;
  }
}

async function route({ router, ...parts }: Api, message: IncomingMessage): Promise<Answer> {
  const { world } = parts;
  const url = new URL(message.url ?? '/', world.url);
  const method = message.method ?? 'GET';
  const path = url.pathname.slice(apiPrefix.length);
  const actor = authenticate(world, message);
  const match = router.match(method, path);
  if (match === undefined) throw notFound();
  authorize(world, match, actor);
  const body = bodyless.has(method) ? {} : await readJson(message);
  const accept = message.headers.accept ?? '';
  const request: ApiRequest = { ...parts, actor, params: match.params, query: url.searchParams, body, accept, url };
  const { writes } = match.route;
  if (writes === undefined) return match.route.handle(request);
  const { owner = '', repo = '' } = match.params;
  const repository = owner === '' ? '' : `${owner}/${repo}`;
  const description = { kind: writes, method, path, repository, actor: actor.login, changes: [] };
  return world.writes.perform(
    description,
    () => match.route.handle(request),
    ({ status }) => status < 400,
  );
}

/** @throws ApiError 401 */
export function authenticate(world: World, message: IncomingMessage): TokenOptions {
  const value = tokenIn(message.headers.authorization);
  if (value === undefined) throw new ApiError(401, 'Requires authentication');
  const actor = world.tokens.find(value);
  if (actor === undefined) throw new ApiError(401, 'Bad credentials');
  return actor;
}

/** What a token may not see does not exist for it (404); what it may see but not write is 403. */
function authorize(world: World, { route, params }: Match, actor: TokenOptions): void {
  const { owner, repo } = params;
  if (owner !== undefined && repo !== undefined) {
    const repository = world.find(`${owner}/${repo}`);
    if (repository === undefined || !maySee(actor, repository.fullName)) throw notFound();
  }
  if (route.writes !== undefined && actor.scope === 'read')
    throw new ApiError(403, 'Resource not accessible by personal access token');
}

export async function readJson(message: IncomingMessage): Promise<JsonObject> {
  const text = (await readBody(message)).toString('utf8');
  if (text.trim() === '') return {};
  const value = parse(text);
  // Bare lists are what the label endpoints take as well as an object.
  if (Array.isArray(value)) return { labels: value as readonly Json[] };
  if (!isObject(value)) throw new ApiError(400, 'Body should be a JSON object');
  return value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw Object.assign(new ApiError(400, 'Problems parsing JSON'), { cause });
  }
}
