import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { pipeline, Transform, type Duplex } from 'node:stream';
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
  /** For programs elsewhere, which others may be among: to be told apart by `admit`. */
  readonly at?: { readonly host: string; readonly port: number };
  /** Whose a request is, or the status that refuses it; without it everybody's. Asked before anything else is looked at. */
  readonly admit?: (incoming: IncomingMessage) => Guest | number;
  /** Connections at once, of all and from one address. */
  readonly most?: { readonly all: number; readonly fromOne: number };
}

/** Who may ask. */
export interface Guest {
  /** Told of the bytes that go either way; with false the connection ends. */
  spend(bytes: number): boolean;
}

export interface DialerProxy {
  /** Of the port; empty where there is none. */
  readonly url: string;
  close(): Promise<void>;
}

/** Of one proxy: whoever asks through it shares the operator's descriptors. */
const usualMost = { all: 128, fromOne: Infinity };

/** Who has yet to say who it is holds a connection for so long at most. */
const untilAdmitted = { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 };

/** An HTTP proxy on loopback, or on a socket, over the dialer, for programs that open their connections themselves, such as a browser. */
export async function startDialerProxy(options: DialerProxyOptions): Promise<DialerProxy> {
  const end = new AbortController();
  // Tunnels are no requests: the server does not close them.
  const sockets = new Set<Socket>();
  const { path, at = { host: '127.0.0.1', port: 0 }, most = usualMost } = options;
  const server = createServer(options.admit === undefined ? {} : untilAdmitted, (incoming, answer) =>
    forward(options, incoming, answer, end.signal),
  );
  server.maxConnections = most.all;
  // Else who says many requests at once, and waits for no answer, would have a connection to a site for each.
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => {
    const { remoteAddress: from } = socket;
    if ([...sockets].filter(({ remoteAddress }) => remoteAddress === from).length >= most.fromOne) socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    // Who does not wait for our answer has said something already.
    if (head.length > 0) client.unshift(head);
    tunnel(options, incoming, client, end.signal);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  if (path === undefined) server.listen(at.port, at.host, resolve);
  else server.listen(path, resolve);
  await promise;
  const host = isIPv6(at.host) ? `[${at.host}]` : at.host;
  return {
    // Listening on TCP unless it was told otherwise.
    url: path === undefined ? `http://${host}:${(server.address() as AddressInfo).port}` : '',
    async close() {
      end.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A plain request: its line holds the whole URL. */
function forward(
  { dialer, origins, methods, admit }: DialerProxyOptions,
  incoming: IncomingMessage,
  answer: ServerResponse,
  signal: AbortSignal,
): void {
  const guest = admit?.(incoming);
  if (typeof guest === 'number') return refuse(answer, guest);
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
    const onward = request(to, (response) => passBack(response, answer, guest));
    // A site that is slow is not waited for once nobody else does.
    answer.once('close', () => onward.destroy());
    pipeline([incoming, ...metered(guest), onward.once('error', fail)], () => undefined);
  }, fail);
}

function passBack(response: IncomingMessage, answer: ServerResponse, guest: Guest | undefined): void {
  try {
    answer.writeHead(response.statusCode ?? 502, { ...endToEnd(response.headers), ...onceOnly });
  } catch {
    // Words that Node reads and does not write, such as a status below 100.
    response.destroy();
    return refuse(answer, 502);
  }
  pipeline([response, ...metered(guest), answer], () => undefined);
}

/** Between two streams, where somebody is to be told what passes. */
function metered(guest: Guest | undefined): readonly Transform[] {
  if (guest === undefined) return [];
  const transform: Transform['_transform'] = (chunk: Buffer, _, done) =>
    guest.spend(chunk.length) ? done(null, chunk) : done(new Error('it is too much'));
  return [new Transform({ transform })];
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
  else answer.writeHead(status, headersOf(status)).end();
}

function headersOf(status: number): Readonly<Record<string, string>> {
  const challenge = { 'proxy-authenticate': 'Basic realm="threehops"' };
  return { ...onceOnly, ...(status === 407 ? challenge : {}) };
}

/** What is to be encrypted: the line holds host and port alone. */
function tunnel(
  { dialer, origins, admit }: DialerProxyOptions,
  incoming: IncomingMessage,
  client: Duplex,
  signal: AbortSignal,
): void {
  client.once('error', () => client.destroy());
  const guest = admit?.(incoming);
  if (typeof guest === 'number') return refuseTunnel(client, guest);
  const url = URL.parse(`https://${incoming.url ?? ''}`);
  const refused = (): void => refuseTunnel(client, 403);
  if (url === null || !isReached(origins, url)) return refused();
  connectSocket(dialer, { host: bareHost(url.hostname), port: Number(url.port || 443) }, signal).then((socket) => {
    // A pipeline to what is closed throws, and nobody would end the connection.
    if (client.destroyed) return void socket.destroy();
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    pipeline([client, ...metered(guest), socket, ...metered(guest), client], () => undefined);
  }, refused);
}

/** Destroyed, or who does not hang up would keep it. */
function refuseTunnel(client: Duplex, status: number): void {
  const lines = Object.entries(headersOf(status)).map(([name, value]) => `${name}: ${value}\r\n`);
  client.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`, () => client.destroy());
}
