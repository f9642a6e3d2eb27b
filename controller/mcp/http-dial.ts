import { isIP } from 'node:net';
import { callbackify } from 'node:util';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { bareHost } from '../config/glob.ts';
import type { Clock } from '../kube/clock.ts';
import type { Dialer, DialInit, DialStream } from './dialer.ts';
import { DialError } from './outbound-errors.ts';
import { nextHop } from './redirect.ts';

export interface HttpDialOptions {
  readonly pin: Dialer['pin'];
  readonly clock: Clock;
}

export interface HttpDial {
  readonly fetch: Dialer['fetch'];
  readonly open: Dialer['open'];
  readonly close: () => Promise<void>;
}

const defaults = { timeoutMs: 10_000, maxBytes: 8 * 1024 * 1024, redirects: 5 };

/** `fetch` over pinned connections: each hop is resolved and checked anew unless its checked connection is still open. */
export function httpDial({ pin, clock }: HttpDialOptions): HttpDial {
  const agent = new Agent({ connect: pinnedConnector(pin), allowH2: false });
  const open: Dialer['open'] = (url, init = {}) => bounded(clock, init, (signal) => followed(agent, url, init, signal));
  return {
    async fetch(url, init) {
      const answer = await open(url, init);
      return { ...answer, body: await readBody(answer.body) };
    },
    open,
    close: () => agent.destroy(),
  };
}

/** undici would skip a `lookup` for a literal address, so the host is pinned before the socket is made. */
function pinnedConnector(pin: Dialer['pin']): buildConnector.connector {
  const connect = buildConnector({ allowH2: false });
  const pinned = callbackify(pin);
  const unbounded = new AbortController().signal;
  return (options, callback) => {
    const host = bareHost(options.hostname);
    pinned(host, unbounded, (error, to) => {
      if (error !== null) return callback(error, null);
      const named = options.protocol === 'https:' && isIP(host) === 0 ? { servername: host } : {};
      connect({ ...options, ...named, hostname: to.address }, callback);
    });
  };
}

/** One deadline over all hops and the body, which ends when the body does. */
async function bounded(
  clock: Clock,
  init: DialInit,
  run: (signal: AbortSignal) => Promise<DialStream>,
): Promise<DialStream> {
  init.signal?.throwIfAborted();
  const timeoutMs = init.timeoutMs ?? defaults.timeoutMs;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(init.signal?.reason);
  init.signal?.addEventListener('abort', onAbort, { once: true });
  const cancel = clock.timer(timeoutMs, () =>
    controller.abort(new DialError('DialTimeout', `no answer within ${timeoutMs} ms`)),
  );
  const over = (): void => {
    cancel();
    init.signal?.removeEventListener('abort', onAbort);
  };
  try {
    const answer = await run(controller.signal);
    return { ...answer, body: watched(answer.body, controller, over) };
  } catch (error) {
    over();
    throw controller.signal.aborted ? controller.signal.reason : error;
  }
}

/** No generator: one that is left before it was begun does nothing, and the connection would stay open until the deadline. */
function watched(
  body: AsyncIterable<Uint8Array>,
  controller: AbortController,
  over: () => void,
): AsyncIterableIterator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const chunk = await chunks.next();
        if (chunk.done === true) over();
        return chunk;
      } catch (error) {
        over();
        throw controller.signal.aborted ? controller.signal.reason : error;
      }
    },
    async return() {
      over();
      controller.abort();
      return { done: true, value: undefined };
    },
  };
}

async function followed(agent: Agent, url: string, init: DialInit, signal: AbortSignal): Promise<DialStream> {
  const most = init.redirects ?? defaults.redirects;
  let hop = { url: httpUrl(url), method: init.method ?? 'GET', headers: init.headers ?? {} };
  for (let hops = 0; ; hops++) {
    const answer = await exchange(agent, { ...init, ...hop }, hop.url, signal);
    const next = most === 0 ? undefined : nextHop(hop, answer);
    if (next === undefined) return answer;
    await readBody(answer.body);
    if (hops >= most) throw new DialError('TooManyRedirects', `more than ${most} redirects`);
    hop = { ...next, url: httpUrl(next.url.href) };
  }
}

async function exchange(agent: Agent, init: DialInit, url: URL, signal: AbortSignal): Promise<DialStream> {
  const answer = await request(url, {
    dispatcher: agent,
    method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: { ...init.headers },
    body: init.body ?? null,
    signal,
  });
  const body = limited(answer.body, init.maxBytes ?? defaults.maxBytes);
  return { status: answer.statusCode, headers: plainHeaders(answer.headers), body };
}

async function* limited(stream: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  // Leaving the loop destroys the stream, and with it the connection that would go on sending.
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new DialError('ResponseTooLarge', `the answer is larger than ${maxBytes} bytes`);
    yield chunk;
  }
}

async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** Credentials in a URL end up in logs and in redirects: they are sent as a header or not at all. */
function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new DialError('UrlNotSupported', 'not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new DialError('UrlNotSupported', `${url.protocol} is not supported`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new DialError('UrlNotSupported', 'a URL with credentials is not supported');
  }
  return url;
}
