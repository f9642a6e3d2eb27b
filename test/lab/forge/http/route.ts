import type { WriteKind } from '../world/writes.ts';
import { type Answer, notFound } from './answer.ts';
import type { ApiRequest, RepositoryRequest } from './request.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One operation of the REST API; `path` is the template of GitHub's OpenAPI description. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  /** Present: the route writes, and a token that may only read is refused. */
  readonly writes?: WriteKind;
  handle(request: ApiRequest): Promise<Answer>;
}

export type RepositoryHandler = (request: RepositoryRequest) => Promise<Answer> | Answer;

export function read(path: string, handler: RepositoryHandler): Route {
  return { method: 'GET', path: `/repos/{owner}/{repo}${path}`, handle: inRepository(handler) };
}

export function write(kind: WriteKind, method: Method, path: string, handler: RepositoryHandler): Route {
  return { method, path: `/repos/{owner}/{repo}${path}`, writes: kind, handle: inRepository(handler) };
}

function inRepository(handler: RepositoryHandler): Route['handle'] {
  return async (request) => {
    const repository = request.world.find(`${request.params['owner']}/${request.params['repo']}`);
    if (repository === undefined) throw notFound();
    return handler({ ...request, repository });
  };
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** These may hold slashes, encoded (Octokit) or plain (curl, go-github). */
const withSlashes = new Set(['ref', 'basehead', 'branch']);

/** Finds the route of a request; the template with the most literal segments wins. */
export class Router {
  readonly #routes: readonly { readonly route: Route; readonly pattern: RegExp; readonly names: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes
      .toSorted((a, b) => literals(b.path) - literals(a.path))
      .map((route) => ({ route, ...compile(route.path) }));
  }

  match(method: string, path: string): Match | undefined {
    for (const { route, pattern, names } of this.#routes) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found !== null) return { route, params: named(names, found.slice(1)) };
    }
    return undefined;
  }
}

function literals(path: string): number {
  return path.split('/').filter((segment) => !segment.startsWith('{')).length;
}

function compile(path: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = path.replaceAll(/\/\{(\w+)\}|[.]/g, (whole, name: string | undefined) => {
    if (name === undefined) return `\\${whole}`;
    names.push(name);
    // The root folder has an empty path, and Octokit then leaves out the slash too.
    if (name === 'path') return '(?:/(.*))?';
    return withSlashes.has(name) ? '/(.+)' : '/([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

function named(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, decoded(values[index] ?? '')]));
}

/** A text that is not well encoded names nothing, so it may stay as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
