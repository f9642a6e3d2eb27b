import { isIP } from 'node:net';
import { createClient } from 'redis';
import type { PinnedAddress } from '../../../../controller/mcp/dialer.ts';
import type { ServerConnection } from '../../../../controller/mcp/tool.ts';
import { textOf } from '../../reading.ts';
import { defaultPort, type RedisAddress } from '../../redis/address.ts';

/** A client of the checked address, not connected yet; TLS goes by the name. It never connects again by itself. */
export function clientFor(
  connection: ServerConnection,
  { host = '', port = defaultPort, tls = false }: RedisAddress,
  { address, family }: PinnedAddress,
  timeoutMs: number,
) {
  const common = { host: address, port, family, connectTimeout: timeoutMs, reconnectStrategy: false } as const;
  return createClient({
    socket: tls ? { ...common, tls: true, ...tlsOptions(connection, host) } : common,
    ...loginOf(connection),
    name: 'threehops',
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

function tlsOptions(
  { settings, credentials }: ServerConnection,
  host: string,
): { readonly servername?: string; readonly ca?: string } {
  const ca = textOf(credentials['ca']) ?? textOf(settings['ca']);
  return { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) };
}

function loginOf({ credentials }: ServerConnection): { readonly username?: string; readonly password?: string } {
  const url = URL.parse(textOf(credentials['url']) ?? '');
  const username = textOf(credentials['username']) ?? decodeURIComponent(url?.username ?? '');
  const password = textOf(credentials['password']) ?? decodeURIComponent(url?.password ?? '');
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}
