import type { RequestOptions } from 'node:https';
import type { Clock } from './clock.ts';
import type { ServerAccess } from './plain-access.ts';

/** TLS settings of a connection, as undici's connector takes them. */
export interface TlsOptions {
  readonly ca?: Buffer | string;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Where the API server is and who we are to it. */
export interface Access {
  /** `https://host:port`. */
  readonly origin: string;
  /** Path under which the API is served, without a trailing slash; mostly empty. */
  readonly basePath: string;
  readonly proxyUrl: string | undefined;
  readonly tls: TlsOptions;
  /** Name, value, name, value: authorization and impersonation. */
  readonly headers: readonly string[];
}

/**
 * Reads credentials by client-node's authentication (certificates, tokens, token files, exec plugins, OIDC), and again every
 * `maxAgeMs`: that reads files and may start a program, which is too slow for every request.
 */
export class Credentials {
  readonly #config: ServerAccess;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #current: { readonly access: Access; readonly readAtMs: number } | undefined;
  #reading: Promise<Access> | undefined;

  constructor(config: ServerAccess, clock: Clock, maxAgeMs = 30_000) {
    this.#config = config;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  /** The present credentials; a promise only when they have to be read. */
  access(): Access | Promise<Access> {
    const current = this.#current;
    if (current !== undefined && this.#clock.monotonicMs() - current.readAtMs < this.#maxAgeMs) return current.access;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Forgets what was read, after a 401. `refused` guards against forgetting newer ones than were refused. */
  forget(refused: Access): void {
    if (this.#current?.access === refused) this.#current = undefined;
  }

  async #read(): Promise<Access> {
    const cluster = this.#config.getCurrentCluster();
    if (cluster === null) throw new TypeError('the kubeconfig has no current cluster');
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const server = new URL(cluster.server);
    const access: Access = {
      origin: server.origin,
      basePath: server.pathname.replace(/\/+$/, ''),
      proxyUrl: cluster.proxyUrl,
      tls: tlsOptions(options),
      headers: headerList(options),
    };
    this.#current = { access, readAtMs: this.#clock.monotonicMs() };
    return access;
  }
}

function tlsOptions(options: RequestOptions): TlsOptions {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return Object.fromEntries(
    Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(([, value]) => value !== undefined),
  );
}

function headerList(options: RequestOptions): readonly string[] {
  const headers = { ...(options.headers as Record<string, string | undefined> | undefined) };
  if (typeof options.auth === 'string')
    headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name.toLowerCase(), value]));
}
