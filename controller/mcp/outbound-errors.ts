import type { RefusalReason } from './outbound-policy.ts';

/** The dialer will not connect there. Nothing was sent. */
export class HostRefusedError extends Error {
  readonly code = 'HostRefused';
  readonly host: string;
  /** The address that was refused; absent where the name alone was. */
  readonly address: string | undefined;
  readonly reason: RefusalReason;

  constructor(host: string, address: string | undefined, reason: RefusalReason) {
    super(`${host}${address === undefined || address === host ? '' : ` (${address})`} is refused: ${reason}`);
    this.name = 'HostRefusedError';
    this.host = host;
    this.address = address;
    this.reason = reason;
  }
}

export type DialFailure = 'DialTimeout' | 'ResponseTooLarge' | 'TooManyRedirects' | 'UrlNotSupported';

/** A request of the dialer's `fetch` that ran into one of its bounds. Failures to connect keep Node's and undici's codes. */
export class DialError extends Error {
  readonly code: DialFailure;

  constructor(code: DialFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DialError';
    this.code = code;
  }
}
