import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';

/** Where the API server is and how a request authenticates, as client-node's KubeConfig has it. */
export interface ServerAccess {
  getCurrentCluster(): { readonly server: string; readonly proxyUrl?: string } | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

/** Something that is given, or the file that it is read from each time, because files are rotated. */
export type Source = { readonly data: Buffer } | { readonly file: string };

/** An API server, its certificate authority, and who we are to it by certificate or token. */
export interface PlainConfig {
  readonly server: string;
  readonly ca?: Source | undefined;
  readonly serverName?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly certificate?: Source | undefined;
  readonly key?: Source | undefined;
  readonly token?: Source | undefined;
}

/** The access of most operators: certificates and tokens, with nothing to ask and no program to run. */
export class PlainAccess implements ServerAccess {
  readonly #config: PlainConfig;

  constructor(config: PlainConfig) {
    this.#config = config;
  }

  getCurrentCluster(): { readonly server: string } {
    return { server: this.#config.server };
  }

  async applyToHTTPSOptions(options: RequestOptions): Promise<void> {
    const { ca, certificate, key, token, serverName, insecure } = this.#config;
    if (ca !== undefined) options.ca = await read(ca);
    if (certificate !== undefined) options.cert = await read(certificate);
    if (key !== undefined) options.key = await read(key);
    if (serverName !== undefined) options.servername = serverName;
    if (insecure === true) options.rejectUnauthorized = false;
    if (token === undefined) return;
    options.headers = { Authorization: `Bearer ${(await read(token)).toString('utf8').trim()}` };
  }
}

function read(source: Source): Buffer | Promise<Buffer> {
  return 'data' in source ? source.data : readFile(source.file);
}
