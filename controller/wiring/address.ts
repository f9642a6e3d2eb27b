import { isIP } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, an IPv6 address in brackets. */
export function addressOf(text: string): Address {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replaceAll(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

/** Whether only this machine can call. A name may lead anywhere, but for the one that RFC 6761 keeps for it. */
export function isLoopback({ host }: Pick<Address, 'host'>): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
