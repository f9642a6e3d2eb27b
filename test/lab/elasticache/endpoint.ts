import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenUntil } from '../parts/listen.ts';
import { ControlPlane, type RedisBehind } from './control-plane.ts';
import { type Query, readQuery, respond, respondWithError } from './query-protocol.ts';

export interface ElastiCacheOptions {
  /** Where moto's server listens. */
  readonly motoUrl: string;
  readonly redis: RedisBehind;
  /** Aborting stops the endpoint. */
  readonly signal: AbortSignal;
}

/**
 * An endpoint for ElastiCache before a real Redis: moto keeps the clusters and groups of them, and what moto lacks is answered here.
 * A parameter that is changed holds for the Redis at once. @returns its URL
 */
export async function startElastiCache({ motoUrl, redis, signal }: ElastiCacheOptions): Promise<string> {
  const plane = new ControlPlane(redis);
  const server = createServer((request, response) => void handle(request, response, motoUrl, plane));
  return `http://127.0.0.1:${await listenUntil(server, signal)}`;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  motoUrl: string,
  plane: ControlPlane,
): Promise<void> {
  try {
    const query = await readQuery(request);
    const operation = plane.operations[query.action];
    if (operation === undefined) await passOn(request, query, response, motoUrl, plane);
    else respond(response, query.action, await operation(query.input));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else respondWithError(response, error);
  }
}

async function passOn(
  { url = '/', headers }: IncomingMessage,
  { action, input, body }: Query,
  response: ServerResponse,
  motoUrl: string,
  plane: ControlPlane,
): Promise<void> {
  const { authorization = '', 'content-type': contentType = '' } = headers;
  const method = 'POST';
  const answer = await fetch(motoUrl + url, { method, headers: { authorization, 'content-type': contentType }, body });
  const text = await answer.text();
  if (answer.ok && action === 'CreateCacheCluster') await plane.created(input);
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
  response.end(action === 'DescribeCacheClusters' ? plane.completed(text) : text);
}
