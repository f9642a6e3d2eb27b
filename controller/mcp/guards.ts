import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type NetConnectOpts, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import type { Dialer, DialInit, DialResponse } from './dialer.ts';

/**
 * Ways for an SDK to go through the dialer. A `lookup` alone does not do: node:net never asks it for a literal address.
 */

const unbounded = new AbortController().signal;

/** A TCP connection to a checked address. Ended when the signal aborts before it is up. */
export async function connectSocket(
  dialer: Dialer,
  to: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const { address, family } = await dialer.pin(to.host, signal);
  signal.throwIfAborted();
  const socket = connect({ host: address, port: to.port, family });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const onAbort = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('connect', () => resolve(socket)).once('error', reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.off('error', reject);
  }
}

/**
 * A socket that pins whatever it is told to connect to, for clients that take a factory of sockets, such as pg's `stream`.
 * Write to it after its `connect` event only.
 */
export function guardedSocket(dialer: Dialer): Socket {
  return new GuardedSocket(dialer);
}

class GuardedSocket extends Socket {
  readonly #dialer: Dialer;

  constructor(dialer: Dialer) {
    super();
    this.#dialer = dialer;
  }

  override connect(...args: unknown[]): this {
    const { host, port, listener } = target(args);
    if (listener !== undefined) this.once('connect', listener);
    this.#dialer.pin(host, unbounded).then(
      ({ address, family }) => {
        if (!this.destroyed) super.connect({ host: address, port, family });
      },
      (error: unknown) => this.destroy(error as Error),
    );
    return this;
  }
}

/** The forms of `connect` that name a TCP host; a socket path has no host to check and is refused. */
function target(args: readonly unknown[]): { host: string; port: number; listener?: () => void } {
  const last = args.at(-1);
  const listener = typeof last === 'function' ? { listener: last as () => void } : {};
  const [to, host] = args;
  if (typeof to === 'object' && to !== null && 'port' in to) {
    const options = to as TcpNetConnectOpts;
    return { host: options.host ?? 'localhost', port: options.port, ...listener };
  }
  if (typeof to === 'number' || (typeof to === 'string' && /^\d+$/.test(to))) {
    return { host: typeof host === 'string' ? host : 'localhost', port: Number(to), ...listener };
  }
  throw new TypeError('a guarded socket connects to a host and port');
}

export interface GuardedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** node:http agents whose connections are pinned: for SDKs that take them, such as AWS's NodeHttpHandler. */
export function guardedAgents(dialer: Dialer, options: AgentOptions = { keepAlive: true }): GuardedAgents {
  return {
    httpAgent: guardAgent(new HttpAgent(options), dialer),
    httpsAgent: guardAgent(new HttpsAgent(options), dialer),
  };
}

/** What node:http's agents do beyond their types: with no socket returned they wait for the callback. */
interface Connecting {
  createConnection(
    options: NetConnectOpts,
    callback?: (error: Error | null, stream?: Duplex) => void,
  ): Duplex | undefined;
}

function guardAgent<Guarded extends HttpAgent>(agent: Guarded, dialer: Dialer): Guarded {
  const connecting = agent as unknown as Connecting;
  const plain = connecting.createConnection.bind(agent);
  const pinned = callbackify((host: string) => dialer.pin(host, unbounded));
  connecting.createConnection = (options, callback = () => undefined) => {
    const { host } = options as TcpNetConnectOpts;
    pinned(host ?? 'localhost', (error, to) => {
      if (error !== null) return callback(error);
      callback(null, plain({ ...options, host: to.address, family: to.family }));
    });
    return undefined;
  };
  return agent;
}

type Bounds = Pick<DialInit, 'timeoutMs' | 'maxBytes'>;

/** A WHATWG `fetch` over the dialer, for SDKs that take one, such as Octokit. Bodies are text or bytes, not streams. */
export function fetchVia(dialer: Dialer, bounds: Bounds = {}): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const answer = await dialer.fetch(asked.url, await initFrom(asked, bounds));
    return responseFrom(asked, answer, new Uint8Array(answer.body));
  };
}

/** The same for an answer that is read as it comes, such as an event stream. */
export function streamVia(dialer: Dialer, bounds: Bounds = {}): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const answer = await dialer.open(asked.url, await initFrom(asked, bounds));
    return responseFrom(asked, answer, ReadableStream.from(answer.body));
  };
}

async function initFrom(asked: Request, bounds: Bounds): Promise<DialInit> {
  const body = new Uint8Array(await asked.arrayBuffer());
  return {
    ...bounds,
    method: asked.method,
    headers: Object.fromEntries(asked.headers),
    signal: asked.signal,
    ...(body.byteLength === 0 ? {} : { body }),
    ...(asked.redirect === 'follow' ? {} : { redirects: 0 }),
  };
}

/** Response refuses a body, even an empty one, with these. */
const bodiless = new Set([204, 205, 304]);

function responseFrom(
  { method }: Request,
  { status, headers }: Omit<DialResponse, 'body'>,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
): Response {
  if (method !== 'HEAD' && !bodiless.has(status)) return new Response(body, { status, headers });
  if (body instanceof ReadableStream) void body.cancel();
  return new Response(null, { status, headers });
}
