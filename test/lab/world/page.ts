import { createServer as createPlain } from 'node:http';
import { createServer as createTls, type Server } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { listenUntil } from '../parts/listen.ts';

export interface Answer {
  readonly status?: number;
  readonly body?: string;
  /** How long it takes. */
  readonly delayMs?: number;
}

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Something that answers HTTP in a world, and whose answers can be changed. */
export interface Page {
  /** `http(s)://127.0.0.1:PORT`, whatever the path. */
  readonly url: string;
  answer(answer: Answer): void;
  /** Of a page over TLS: what new connections are shown. */
  show(identity: Identity): void;
}

/** Starts a page; it ends with the signal. */
export async function startPage(signal: AbortSignal, first: Answer, identity?: Identity): Promise<Page> {
  let now = first;
  const listener: Parameters<typeof createPlain>[1] = (request, response) => {
    const { status = 200, body = '{}', delayMs = 0 } = now;
    request.resume();
    const late = delayMs === 0 ? Promise.resolve() : delay(delayMs, undefined, { signal });
    late.then(
      () => response.writeHead(status).end(body),
      () => response.destroy(),
    );
  };
  // Nothing is kept open, so that a changed certificate is met at once.
  const server = identity === undefined ? createPlain(listener) : createTls({ ...identity }, listener);
  server.keepAliveTimeout = 1;
  const port = await listenUntil(server, signal);
  return {
    url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    answer: (answer) => void (now = answer),
    show: (shown) => {
      if (identity !== undefined) (server as Server).setSecureContext(shown);
    },
  };
}
