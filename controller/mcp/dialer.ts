import type { LookupFunction } from 'node:net';

/** A checked address: connect to this and to nothing that the name says later. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The one way out of the operator. Everything that opens a connection on behalf of a session goes through it. */
export interface Dialer {
  /**
   * Resolves a host, checks every address against the allow-list, pins one.
   * @throws HostRefusedError for link-local, loopback, metadata and API-server addresses and for hosts off the list.
   */
  pin(host: string, signal: AbortSignal): Promise<PinnedAddress>;
  /** The same check as a `lookup` for node:net, node:http agents and SDKs that take one. */
  readonly lookup: LookupFunction;
  /** `fetch` with the check, redirects checked again, and bounds: by default 10 s and 8 MiB. */
  fetch(url: string, init?: DialInit): Promise<DialResponse>;
  /**
   * The same without waiting for the whole body. The bounds hold for it too: reading throws what `fetch` would. Whoever does not
   * read it to its end leaves the loop, which ends the connection.
   */
  open(url: string, init?: DialInit): Promise<DialStream>;
}

export interface DialInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly redirects?: number;
}

export interface DialResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer whose body is read as it comes. */
export interface DialStream extends Omit<DialResponse, 'body'> {
  readonly body: AsyncIterable<Uint8Array>;
}
