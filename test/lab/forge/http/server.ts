import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Dropped } from '../world/writes.ts';
import type { Answer } from './answer.ts';
import { answerApi, type Api, apiPrefix } from './api.ts';
import { answerGraphql, graphqlPath } from './graphql.ts';
import { answerGit } from './git.ts';
import { limitHeaders } from './limits.ts';
import { answerRaw, rawPrefix } from './raw.ts';
import { listen } from '../../parts/listen.ts';

export interface Front extends Api {
  /** Told of an error that is the forge's own. */
  readonly onError: (error: unknown) => void;
}

/** Listens on a free port of 127.0.0.1. */
export async function serve(front: Front): Promise<Server> {
  const server = createServer((message, response) => void respond(front, message, response));
  front.world.url = `http://127.0.0.1:${await listen(server)}`;
  return server;
}

async function respond(front: Front, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, await dispatch(front, message));
  } catch (error) {
    if (error instanceof Dropped) {
      message.socket.destroy();
      return;
    }
    if (!front.world.options.signal.aborted) front.onError(error);
    send(response, { status: 500, body: { message: 'Server Error' } });
  }
}

async function dispatch(front: Front, message: IncomingMessage): Promise<Answer> {
  const path = (message.url ?? '/').split('?', 1)[0] ?? '/';
  if (path.startsWith(`${apiPrefix}/`)) return withLimits(front, await answerApi(front, message));
  if (path === graphqlPath) return withLimits(front, await answerGraphql(front.world, message));
  if (path.startsWith(rawPrefix)) return answerRaw(front.world, message, path);
  const download = front.downloads.find(path);
  if (download !== undefined) return download;
  return (await answerGit(front.world, message)) ?? { status: 404, body: { message: 'Not Found' } };
}

function withLimits({ world }: Front, answer: Answer): Answer {
  return { ...answer, headers: { ...limitHeaders(world.options.now()), ...answer.headers } };
}

function send(response: ServerResponse, { status, body, type, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const payload = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const json = Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, {
    ...(body === undefined ? {} : json),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(status === 204 ? {} : { 'content-length': String(payload.length) }),
    ...headers,
  });
  response.end(payload);
}
