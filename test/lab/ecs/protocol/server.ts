import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../../parts/listen.ts';
import { EcsError } from './ecs-error.ts';
import { toWire } from './wire.ts';

const targetPrefix = 'AmazonEC2ContainerServiceV20141113.';
const maxBodyBytes = 1024 * 1024;

/** Answers one operation; throws `EcsError` for what AWS answers as an error. */
export type Dispatch = (operation: string, input: unknown) => Promise<unknown>;

export interface JsonServer {
  readonly server: Server;
  readonly url: string;
}

/** AWS JSON 1.1 on a free loopback port. Signatures are not checked: any credentials will do. */
export async function serveJson(dispatch: Dispatch): Promise<JsonServer> {
  const server = createServer((request, response) => void answer(dispatch, request, response));
  const port = await listen(server);
  return { server, url: `http://127.0.0.1:${port}` };
}

async function answer(dispatch: Dispatch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const result = await dispatch(operationOf(request), parse(await body(request)));
    send(response, 200, toWire(result));
  } catch (error) {
    const known = error instanceof EcsError ? error : new EcsError('ServerException', String(error), { cause: error });
    send(response, known.status, { __type: known.code, message: known.message });
  }
}

function operationOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (request.method === 'POST' && typeof target === 'string' && target.startsWith(targetPrefix)) {
    return target.slice(targetPrefix.length);
  }
  throw new EcsError('UnknownOperationException', 'The X-Amz-Target header names no operation of this service.');
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new EcsError('ClientException', 'The request is larger than 1 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new EcsError('SerializationException', 'The request is not JSON.', { cause });
  }
}

function send(response: ServerResponse, status: number, answered: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(answered ?? {});
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
