import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { bareHost } from '../config/glob.ts';
import type { Dialer } from './dialer.ts';
import { connectSocket } from './guards.ts';

export interface DialerProxyOptions {
  readonly dialer: Dialer;
  /** Origins (`http://shop.test:8080`) that may be reached through it, or what tells them; the dialer judges their addresses besides. */
  readonly origins: readonly string[] | ((url: URL) => boolean);
  /** Methods that are passed on; all without it. What is said within TLS cannot be seen. */
  readonly methods?: readonly string[];
  /** Where a socket of the file system is made, for programs that have no network; a port of loopback without it. */
  readonly path?: string;
}

export interface DialerProxy {
  /** Of the port; empty where there is none. */
  readonly url: string;
  close(): Promise<void>;
}

/** Of one proxy: whoever asks through it shares the operator's descriptors. */
const mostConnections = 128;

/** An HTTP proxy on loopback, or on a socket, over the dialer, for programs that open their connections themselves, such as a browser. */
export async function startDialerProxy(options: DialerProxyOptions): Promise<DialerProxy> {
  const end = new AbortController();
  // Tunnels are no requests: the server does not close them.
  const sockets = new Set<Socket>();
  const server = createServer((incoming, answer) => forward(options, incoming, answer, end.signal));
  server.maxConnections = mostConnections;
  // Else who says many requests at once, and waits for no answer, would have a connection to a site for each.
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming: IncomingMessage, client: Duplex) => tunnel(options, incoming, client, end.signal));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { path } = options;
  server.once('error', reject);
  if (path === undefined) server.listen(0, '127.0.0.1', resolve);
  else server.listen(path, resolve);
  await promise;
  return {
    // Listening on TCP unless it was told otherwise.
    url: path === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : '',
    async close() {
      end.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A plain request: its line holds the whole URL. */
function forward(
  { dialer, origins, methods }: DialerProxyOptions,
  incoming: IncomingMessage,
  answer: ServerResponse,
  signal: AbortSignal,
): void {
  const url = URL.parse(incoming.url ?? '');
  const { method = 'GET' } = incoming;
  // Another scheme would be judged by a port that is not the one that is dialled.
  if (url?.protocol !== 'http:' || !isReached(origins, url)) return refuse(answer, 403);
  if (methods !== undefined && !methods.includes(method)) return refuse(answer, 405);
  const fail = (): void => refuse(answer, 502);
  connectSocket(dialer, { host: bareHost(url.hostname), port: Number(url.port || 80) }, signal).then((socket) => {
    if (answer.destroyed) return void socket.destroy();
    // Behind one address there may be other hosts than the one that is allowed.
    const headers = { ...endToEnd(incoming.headers), host: url.host, connection: 'close' };
    const path = `${url.pathname}${url.search}`;
    const to: RequestOptions = { method, path, headers, createConnection: () => socket };
    const onward = request(to, (response) => passBack(response, answer));
    // A site that is slow is not waited for once nobody else does.
    answer.once('close', () => onward.destroy());
    pipeline(incoming, onward.once('error', fail), () => undefined);
  }, fail);
}

function passBack(response: IncomingMessage, answer: ServerResponse): void {
  try {
    answer.writeHead(response.statusCode ?? 502, { ...endToEnd(response.headers), ...onceOnly });
  } catch {
    // Words that Node reads and does not write, such as a status below 100.
    response.destroy();
    return refuse(answer, 502);
  }
  pipeline(response, answer, () => undefined);
}

/** A connection is for one request. */
const onceOnly = { connection: 'close' };

/** RFC 9110, 7.6.1: what is said to the next one alone. Some of it, said where it makes no sense, would be an error that nobody catches. */
const toTheNext = /^(connection|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !toTheNext.test(name)));
}

function isReached(origins: DialerProxyOptions['origins'], url: URL): boolean {
  return typeof origins === 'function' ? origins(url) : origins.includes(url.origin);
}

function refuse(answer: ServerResponse, status: number): void {
  if (answer.headersSent) answer.destroy();
  else answer.writeHead(status, onceOnly).end();
}

/** What is to be encrypted: the line holds host and port alone. */
function tunnel(
  { dialer, origins }: DialerProxyOptions,
  incoming: IncomingMessage,
  client: Duplex,
  signal: AbortSignal,
): void {
  const url = URL.parse(`https://${incoming.url ?? ''}`);
  const refused = (): void => void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  client.once('error', () => client.destroy());
  if (url === null || !isReached(origins, url)) return refused();
  connectSocket(dialer, { host: bareHost(url.hostname), port: Number(url.port || 443) }, signal).then((socket) => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    pipeline(client, socket, client, () => undefined);
  }, refused);
}
