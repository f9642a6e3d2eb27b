import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsFiles } from '../config/config.ts';
import type { Clock } from '../kube/clock.ts';
import type { Log } from '../kube/observe.ts';
import { readKeyPair, watchKeyPair, type KeyPair } from './tls-files.ts';

export interface ApiServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  /** By path, before the rest. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly rest: Route;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers a request. What it throws is answered 503, as what is asked of the cluster may pass. */
export type Route = (...request: Parameters<RequestListener>) => Promise<void>;

export interface ApiServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** For a whole request with its body; answers may take as long as they like. */
const requestMs = 30_000;

/** The one server of `apiAddress`. @throws when the address cannot be had, or the certificate not be read. */
export async function startApiServer(options: ApiServerOptions, signal: AbortSignal): Promise<ApiServer> {
  const { tls, clock, log } = options;
  const pair = tls === undefined ? undefined : await readKeyPair(tls, signal);
  const server = serverFor(listenerOf(options), pair);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const ended = new AbortController();
  if (tls !== undefined && pair !== undefined && server instanceof TlsServer) {
    const onChange = (next: KeyPair): void => server.setSecureContext({ ...next });
    void watchKeyPair(tls, pair, { clock, log, onChange }, ended.signal);
  }
  return {
    url: urlOf(server, pair === undefined ? 'http' : 'https'),
    async stop() {
      ended.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serverFor(listener: RequestListener, pair: KeyPair | undefined): Server | TlsServer {
  const timeouts = { requestTimeout: requestMs, headersTimeout: requestMs };
  return pair === undefined
    ? createPlainServer(timeouts, listener)
    : createTlsServer({ ...timeouts, ...pair }, listener);
}

function listenerOf({ routes, rest, log }: ApiServerOptions): RequestListener {
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const route = Object.hasOwn(routes, path) ? (routes[path] ?? rest) : rest;
    route(request, response).catch((error: unknown) => {
      log.warn('a request failed', { error });
      if (!response.headersSent) response.writeHead(503);
      response.end();
    });
  };
}

function urlOf(server: Server | TlsServer, scheme: string): string {
  // Listening on TCP, as it was told to.
  const { address, family, port } = server.address() as AddressInfo;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
