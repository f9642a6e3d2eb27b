import { createHash } from 'node:crypto';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Access } from './credentials.ts';

/** Below the 90 s after which an API server closes an idle connection, so that it never closes one that we just chose. */
const keepAliveMs = 30_000;
const connectTimeoutMs = 10_000;

/**
 * Keeps one pool of keep-alive connections for each set of TLS options. client-node makes a new dispatcher for every request,
 * and so a TCP and a TLS handshake each.
 */
export class Dispatchers {
  readonly #connections: number;
  #key = '';
  #access: Access | undefined;
  #dispatcher: Dispatcher | undefined;

  /** With at most so many connections: what comes beyond waits for one. */
  constructor(connections: number) {
    this.#connections = connections;
  }

  /** The dispatcher for these credentials: the same one as long as address and TLS options are the same. */
  for(access: Access): Dispatcher {
    if (this.#dispatcher !== undefined && this.#access === access) return this.#dispatcher;
    const key = fingerprint(access);
    if (this.#dispatcher === undefined || key !== this.#key) {
      // What is under way on the old pool (a rotated certificate) ends in its own time.
      this.#dispatcher?.close().catch(() => undefined);
      this.#dispatcher = connect(access, this.#connections);
      this.#key = key;
    }
    this.#access = access;
    return this.#dispatcher;
  }

  /** Ends every connection, also those of watches. */
  async close(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = undefined;
    await dispatcher?.destroy();
  }
}

function connect(access: Access, connections: number): Dispatcher {
  // HTTP/1.1: half the CPU a request of Node's HTTP/2, measured; a watch has a connection of its own either way.
  const common = { allowH2: false, keepAliveTimeout: keepAliveMs, connectTimeout: connectTimeoutMs, pipelining: 1 };
  if (access.proxyUrl !== undefined) {
    return new ProxyAgent({ ...common, uri: access.proxyUrl, requestTls: access.tls });
  }
  return new Pool(access.origin, { ...common, connections, connect: { ...access.tls } });
}

function fingerprint(access: Access): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([access.origin, access.proxyUrl, access.tls.servername, access.tls.rejectUnauthorized]));
  for (const part of [access.tls.ca, access.tls.cert, access.tls.key]) hash.update(part ?? '').update('\0');
  return hash.digest('hex');
}
