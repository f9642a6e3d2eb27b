import { createServer, type IncomingMessage, request, type RequestOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { bareHost } from '../config/glob.ts';
import type { Dialer } from './dialer.ts';
import { connectSocket } from './guards.ts';

export interface DialerProxyOptions {
  readonly dialer: Dialer;
  /** Origins (`http://shop.test:8080`) that may be reached through it; the dialer judges their addresses besides. */
  readonly origins: readonly string[];
  /** Methods that are passed on; all without it. What is said within TLS cannot be seen. */
  readonly methods?: readonly string[];
}

export interface DialerProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** An HTTP proxy on loopback over the dialer, for programs that open their connections themselves, such as a browser. */
export async function startDialerProxy(options: DialerProxyOptions): Promise<DialerProxy> {
  const end = new AbortController();
  const server = createServer((incoming, answer) => forward(options, incoming, answer, end.signal));
  server.on('connect', (incoming: IncomingMessage, client: Duplex) => tunnel(options, incoming, client, end.signal));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await promise;
  // Listening on TCP, as it was told to.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      end.abort();
      server.closeAllConnections();
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
  if (url === null || !origins.includes(url.origin)) return refuse(answer, 403);
  if (methods !== undefined && !methods.includes(method)) return refuse(answer, 405);
  const fail = (): void => refuse(answer, 502);
  connectSocket(dialer, { host: bareHost(url.hostname), port: Number(url.port || 80) }, signal).then((socket) => {
    const headers = { ...incoming.headers, connection: 'close' };
    const path = `${url.pathname}${url.search}`;
    const to: RequestOptions = { method, path, headers, createConnection: () => socket };
    const onward = request(to, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      pipeline(response, answer, () => undefined);
    });
    pipeline(incoming, onward.once('error', fail), () => undefined);
  }, fail);
}

function refuse(answer: ServerResponse, status: number): void {
  if (answer.headersSent) answer.destroy();
  else answer.writeHead(status).end();
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
  if (url === null || !origins.includes(url.origin)) return refused();
  connectSocket(dialer, { host: bareHost(url.hostname), port: Number(url.port || 443) }, signal).then((socket) => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    pipeline(client, socket, client, () => undefined);
  }, refused);
}
