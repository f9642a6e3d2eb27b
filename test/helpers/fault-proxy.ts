import {
  Agent as HttpAgent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type Fault, type FaultPlan, noFault, type ProxiedRequest } from './fault-plan.ts';
import { closeServer, listen } from '../lab/parts/listen.ts';

export interface FaultProxyOptions {
  /** How the API server is reached; the proxy has these credentials and lets everyone in. */
  readonly target: KubeConfig;
  readonly plan?: FaultPlan;
  /** Called before the i-th write is passed on, and after its answer came from the API server and before it is handed on. */
  readonly onWrite?: (moment: 'before' | 'after', request: ProxiedRequest) => void | Promise<void>;
}

/**
 * Stands between a controller and an API server and breaks things on purpose. The controller speaks plain HTTP to it, with
 * `kubeConfig()`. Writes are counted from 1, so that a reference run tells how many there are and each can then be hit.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #target: KubeConfig;
  readonly #sockets = new Set<Socket>();
  readonly #held = new Map<string, Promise<void>>();
  readonly #frozen = new Map<string, Buffer | undefined>();
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  #plan: FaultPlan;
  #onWrite: NonNullable<FaultProxyOptions['onWrite']>;
  #writes = 0;
  #isDown = false;
  /** Every request, in order. */
  readonly seen: ProxiedRequest[] = [];

  private constructor(options: FaultProxyOptions) {
    this.#target = options.target;
    this.#plan = options.plan ?? (() => undefined);
    this.#onWrite = options.onWrite ?? (() => undefined);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (this.#isDown) socket.destroy();
    });
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await listen(proxy.#server);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Writes seen since the start or the last `reset`. */
  get writes(): number {
    return this.#writes;
  }

  /** A kubeconfig that leads here. `user` may carry a token or an impersonation, which is passed on instead of the proxy's own. */
  kubeConfig(user: object = {}): KubeConfig {
    const config = new KubeConfig();
    const cluster = { name: 'faults', server: this.url, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'faults', ...user });
    return config;
  }

  /** Starts counting writes anew, with another plan. */
  reset(plan: FaultPlan = () => undefined, onWrite: FaultProxyOptions['onWrite'] = () => undefined): void {
    this.#plan = plan;
    this.#onWrite = onWrite;
    this.#writes = 0;
    this.seen.length = 0;
  }

  /** Holds back all that watches of a resource tell, until the answer is called: its cache goes stale. */
  holdWatches(plural: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(plural, promise);
    return () => {
      this.#held.delete(plural);
      resolve();
    };
  }

  /** The next list of a resource is kept and given to everyone who lists it later, however old it gets, until the answer is called. */
  freezeLists(plural: string): () => void {
    this.#frozen.set(plural, undefined);
    return () => void this.#frozen.delete(plural);
  }

  /** Breaks every connection and refuses new ones, as if the API server were away, until the answer is called. */
  goDown(): () => void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.destroy();
    return () => {
      this.#isDown = false;
    };
  }

  /** Breaks every connection once. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.goDown();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
    await closeServer(this.#server);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const seen = this.#see(request);
    const fault = this.#plan(seen) ?? noFault;
    if (seen.write > 0) await this.#onWrite('before', seen);
    if (fault.kind === 'answer') return answer(response, fault);
    if (fault.kind === 'lost-request') return void request.socket.destroy();
    if (fault.kind === 'delay') await delay(fault.ms);
    const plural = seen.path.split('/').at(-1) ?? '';
    const upstream = await this.#passOn(request, body, response);
    if (seen.write > 0 || fault.kind === 'lost-answer') return this.#answerWrite(seen, fault, upstream, response);
    if (!seen.isWatch && this.#frozen.has(plural)) return this.#answerFrozen(plural, upstream, response);
    this.#stream(seen.isWatch ? plural : undefined, upstream, response);
  }

  #see(request: IncomingMessage): ProxiedRequest {
    const url = new URL(request.url ?? '/', 'http://proxy');
    const { method = 'GET' } = request;
    const isWatch = url.searchParams.get('watch') === 'true';
    const isWrite = method !== 'GET' && method !== 'HEAD' && !url.pathname.includes('/leases');
    if (isWrite) this.#writes += 1;
    const seen = {
      method,
      path: url.pathname,
      query: url.searchParams,
      isWatch,
      isWrite,
      write: isWrite ? this.#writes : 0,
    };
    this.seen.push(seen);
    return seen;
  }

  async #passOn(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<IncomingMessage> {
    const server = new URL(this.#target.getCurrentCluster()?.server ?? '');
    const own: RequestOptions = {};
    await this.#target.applyToHTTPSOptions(own);
    const isTls = server.protocol === 'https:';
    const { host: _, connection: __, 'transfer-encoding': ___, ...theirs } = request.headers;
    const headers = { ...(own.headers as OutgoingHttpHeaders), ...theirs, 'content-length': String(body.length) };
    const agent = isTls ? this.#agents.https : this.#agents.http;
    const { hostname, port } = server;
    const options = { ...own, agent, hostname, port, method: request.method, path: request.url, headers };
    return new Promise((resolve, reject) => {
      const sent = (isTls ? httpsRequest : httpRequest)(options, resolve);
      sent.once('error', reject);
      response.once('close', () => sent.destroy());
      sent.end(body);
    });
  }

  /** The whole answer is here, so the write is committed, before anything is done with it. */
  async #answerWrite(
    seen: ProxiedRequest,
    fault: Fault,
    upstream: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await bodyOf(upstream);
    if (seen.write > 0) await this.#onWrite('after', seen);
    if (fault.kind === 'lost-answer') return void response.socket?.destroy();
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    response.end(body);
  }

  async #answerFrozen(plural: string, upstream: IncomingMessage, response: ServerResponse): Promise<void> {
    const fresh = await bodyOf(upstream);
    const kept = this.#frozen.get(plural) ?? fresh;
    this.#frozen.set(plural, kept);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(kept);
  }

  #stream(watched: string | undefined, upstream: IncomingMessage, response: ServerResponse): void {
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    response.flushHeaders();
    const whenAllowed = (act: () => void): void => {
      const held = watched === undefined ? undefined : this.#held.get(watched);
      if (held === undefined) act();
      else void held.then(act);
    };
    upstream.on('data', (chunk: Buffer) => whenAllowed(() => response.write(chunk)));
    upstream.on('end', () => whenAllowed(() => response.end()));
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, fault: Extract<Fault, { kind: 'answer' }>): void {
  const { status, reason, message = 'injected', retryAfterSeconds } = fault;
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'application/json', ...retry });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message }));
}
