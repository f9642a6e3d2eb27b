import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { FakeObjectStore, Refusal, type StoredObject, type StoreEvent } from './fake-object-store.ts';
import { jsonPatch, mergePatch } from './fake-patch.ts';
import { closeServer, listen } from '../lab/parts/listen.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly isWatch: boolean;
}

/** What a test does to a request instead of, or after, its being served. */
export type Interference =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  /** Cuts the connection: before serving it, or after it was carried out. */
  | { readonly cut: 'before' | 'after' }
  /** Never answers. */
  | 'hang';

interface Place {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

interface OpenWatch {
  readonly place: Place;
  readonly response: ServerResponse;
}

/** An API server in memory, over plain HTTP: any resource, no schema, no authorization. Tests interfere through `interfere`. */
export class FakeApiServer {
  readonly store = new FakeObjectStore();
  readonly seen: SeenRequest[] = [];
  readonly #server: Server;
  readonly #watches = new Set<OpenWatch>();
  /** TCP connections since the start. */
  connections = 0;
  interfere: (request: SeenRequest) => Interference | undefined = () => undefined;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', () => (this.connections += 1));
    this.store.listeners.add((event) => this.#publish(event));
  }

  static async start(): Promise<FakeApiServer> {
    const fake = new FakeApiServer();
    await listen(fake.#server);
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  /** Requests of one method whose path contains `part`. */
  count(method: string, part = '', isWatch = false): number {
    return this.seen.filter((one) => one.method === method && one.path.includes(part) && one.isWatch === isWatch)
      .length;
  }

  kubeConfig(user: object = { token: 'fake-token' }): KubeConfig {
    const config = new KubeConfig();
    const cluster = { name: 'fake', server: this.url, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'fake', ...user });
    return config;
  }

  stop(): Promise<void> {
    return closeServer(this.#server);
  }

  /** Ends every watch, as a server does when their time is up. */
  endWatches(): void {
    for (const watch of this.#watches) watch.response.end();
  }

  /** Cuts every watch's connection. */
  cutWatches(): void {
    for (const watch of this.#watches) watch.response.destroy();
  }

  /** Sends raw bytes on every watch. */
  sendToWatches(text: string): void {
    for (const watch of this.#watches) watch.response.write(text);
  }

  /** Forgets the history: a watch from an older version gets 410. */
  compact(): void {
    this.store.compactedAt = this.store.version;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request);
    this.seen.push(seen);
    const interference = this.interfere(seen);
    if (interference === 'hang') return;
    if (interference !== undefined && 'status' in interference) {
      answer(response, interference.status, interference.body ?? {}, interference.headers);
    } else if (interference?.cut === 'before') {
      request.socket.destroy();
    } else {
      this.#handle(seen, response, interference?.cut === 'after');
    }
  }

  #handle(seen: SeenRequest, response: ServerResponse, cut: boolean): void {
    try {
      const place = placeOf(seen.path);
      if (seen.isWatch) {
        this.#watch(place, seen.query.get('resourceVersion') ?? '', response);
        return;
      }
      const body = this.#carryOut(seen, place);
      if (cut) response.socket?.destroy();
      else answer(response, seen.method === 'POST' ? 201 : 200, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(response, error.code, statusOf(error));
    }
  }

  #carryOut(seen: SeenRequest, place: Place): unknown {
    const { collection, namespace, name } = place;
    const part = place.subresource === 'status' ? 'status' : 'spec';
    switch (seen.method) {
      case 'GET':
        return name === undefined ? this.#list(place, seen.query) : this.store.get(collection, namespace, name);
      case 'POST':
        return this.store.create(collection, namespace, JSON.parse(seen.body) as Partial<StoredObject>);
      case 'PUT':
        return this.store.update(collection, JSON.parse(seen.body) as StoredObject, part);
      case 'PATCH':
        return this.store.update(collection, this.#patched(seen, place), part);
      default:
        return this.#delete(seen, place);
    }
  }

  #delete(seen: SeenRequest, place: Place): StoredObject {
    const options = JSON.parse(seen.body || '{}') as { preconditions?: { uid?: string } };
    return this.store.delete(place.collection, place.namespace, place.name ?? '', options.preconditions?.uid);
  }

  #patched(seen: SeenRequest, { collection, namespace, name = '' }: Place): StoredObject {
    const type = seen.headers['content-type'] ?? '';
    const patch = JSON.parse(seen.body) as never;
    if (type === 'application/apply-patch+yaml') return this.#applied(collection, namespace, name, patch);
    const present = this.store.get(collection, namespace, name) as never;
    if (type === 'application/json-patch+json') return jsonPatch(present, patch) as never;
    if (type === 'application/merge-patch+json') return mergePatch(present, patch) as never;
    throw new Refusal(415, 'UnsupportedMediaType', `${type} is not supported`);
  }

  #applied(collection: string, namespace: string | undefined, name: string, patch: object): StoredObject {
    const exists = this.store.list(collection, namespace).some((object) => object.metadata.name === name);
    if (!exists) this.store.create(collection, namespace, patch);
    return mergePatch(this.store.get(collection, namespace, name) as never, patch as never) as never;
  }

  #list({ collection, namespace }: Place, query: URLSearchParams): unknown {
    const all = this.store.list(collection, namespace);
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit') ?? all.length);
    const next = end < all.length ? { continue: String(end) } : {};
    return { metadata: { resourceVersion: String(this.store.version), ...next }, items: all.slice(start, end) };
  }

  #watch(place: Place, resourceVersion: string, response: ServerResponse): void {
    const from = Number(resourceVersion);
    if (from < this.store.compactedAt) throw new Refusal(410, 'Expired', 'too old resource version');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watch = { place, response };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    for (const event of this.store.history) if (event.version > from) send(watch, event);
  }

  #publish(event: StoreEvent): void {
    for (const watch of this.#watches) send(watch, event);
  }
}

function send({ place, response }: OpenWatch, event: StoreEvent): void {
  const elsewhere = place.namespace !== undefined && place.namespace !== event.object.metadata.namespace;
  if (elsewhere || place.collection !== event.collection) return;
  response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function statusOf(refusal: Refusal): object {
  const { code, reason, message } = refusal;
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://fake');
  const { method = 'GET', headers } = request;
  const isWatch = url.searchParams.get('watch') === 'true';
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString(),
    isWatch,
  };
}

/** `/apis/group/version[/namespaces/ns]/plural[/name[/subresource]]`. */
function placeOf(path: string): Place {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const inside = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name, subresource] = inside ? rest.slice(2) : rest;
  const collection = [...parts.slice(0, parts[0] === 'api' ? 2 : 3), plural].join('/');
  return { collection, namespace: inside ? rest[1] : undefined, name, subresource };
}
