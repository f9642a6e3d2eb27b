import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../../parts/listen.ts';
import type { RequestsUnderWay } from './requests-under-way.ts';

export interface Target {
  readonly taskId: string;
  readonly port: number;
}

export interface FrontParts {
  readonly targets: () => readonly Target[];
  readonly underWay: RequestsUnderWay;
  readonly timeoutMs: number;
}

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** A load balancer for HTTP/1.1 on a free loopback port. */
export async function startFront(parts: FrontParts): Promise<Front> {
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  const server = createServer((request, response) => {
    const targets = parts.targets();
    const target = targets[(turn += 1) % Math.max(1, targets.length)];
    if (target === undefined) refuse(response, 503, 'Service Temporarily Unavailable');
    else forward(parts, agent, target, request, response);
  });
  const port = await listen(server);
  const close = async (): Promise<void> => {
    agent.destroy();
    await closeServer(server);
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

function forward(
  parts: FrontParts,
  agent: Agent,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const over = parts.underWay.begin(target.taskId);
  const { method = 'GET', url: path = '/' } = request;
  const headers = forwardedHeaders(request);
  const onward = send({ agent, host: '127.0.0.1', port: target.port, method, path, headers });
  onward.setTimeout(parts.timeoutMs, () => {
    refuse(response, 504, 'Gateway Time-out');
    onward.destroy();
  });
  onward.on('error', () => refuse(response, 502, 'Bad Gateway'));
  onward.on('close', over);
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  response.on('close', () => {
    if (!response.writableFinished) onward.destroy();
  });
  request.on('error', () => onward.destroy());
  request.pipe(onward);
}

/** An answer that has begun can only be broken off. */
function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) response.destroy();
  else if (!response.destroyed) response.writeHead(status, { 'content-type': 'text/plain' }).end(`${status} ${text}\n`);
}

function forwardedHeaders(request: IncomingMessage): NodeJS.Dict<string | string[]> {
  const address = request.socket.remoteAddress ?? '127.0.0.1';
  const earlier = request.headers['x-forwarded-for'];
  const list = earlier === undefined ? address : `${String(earlier)}, ${address}`;
  return { ...withoutHopByHop(request.headers), 'x-forwarded-for': list, 'x-forwarded-proto': 'http' };
}

/** RFC 9110, 7.6.1: these belong to one connection; framing is done anew. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

function withoutHopByHop(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
