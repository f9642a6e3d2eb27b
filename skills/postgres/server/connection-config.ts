import type { ClientConfig } from 'pg';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { guardedSocket } from '../../../controller/mcp/guards.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { addressInUrl, type DatabaseAddress, defaultPort } from '../address.ts';

/** How the operator shows itself in pg_stat_activity. */
export const ownApplicationName = 'threehops';

const connectTimeoutMs = 5_000;

/**
 * A connection to one database: where by the call, else by the Secret's `url`; who by the Secret's `username` and `password`, else
 * by its `url`. Settings: `{sslMode?, ca?, statementTimeoutMs?, poolSize?}`. Every socket goes through the dialer, while pg keeps
 * the name for TLS.
 * @throws ToolFault `AddressMissing` or `CredentialsMissing`
 */
export function connectionConfig(connection: ServerConnection, asked: DatabaseAddress): ClientConfig {
  const { settings, credentials, dialer } = connection;
  const url = textOf(credentials['url']) ?? '';
  const { host, port, database, sslMode } = { ...addressInUrl(url), ...asked };
  if (host === undefined || database === undefined) {
    throw new ToolFault('AddressMissing', 'neither the node nor the Secret names host and database');
  }
  const { user, password } = loginOf(credentials, url);
  return {
    host,
    port: port ?? defaultPort,
    database,
    user,
    // A function, because pg would look for an empty text in the environment and in files.
    password: () => password,
    ssl: tlsOf(sslMode ?? textOf(settings['sslMode']), textOf(credentials['ca']) ?? textOf(settings['ca'])),
    application_name: ownApplicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    stream: () => guardedSocket(dialer),
  };
}

function loginOf(
  credentials: ServerConnection['credentials'],
  url: string,
): { readonly user: string; readonly password: string } {
  const parsed = URL.parse(url);
  const user = textOf(credentials['username']) ?? decodeURIComponent(parsed?.username ?? '');
  const password = textOf(credentials['password']) ?? decodeURIComponent(parsed?.password ?? '');
  if (user === '') {
    throw new ToolFault('CredentialsMissing', 'the Secret has neither username nor a url with one');
  }
  return { user, password };
}

/** libpq's words. `require` encrypts and trusts anybody; `verify-full` is what to use beyond one machine. */
function tlsOf(mode: string | undefined, ca: string | undefined): ClientConfig['ssl'] {
  switch (mode ?? 'disable') {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    default:
      return ca === undefined ? { rejectUnauthorized: true } : { rejectUnauthorized: true, ca };
  }
}

/** Of one statement, in milliseconds. */
export function statementTimeoutMs({ settings }: ServerConnection): number {
  return Math.min(60_000, Math.max(100, numberOf(settings['statementTimeoutMs']) ?? 5_000));
}

/** Connections to one database. */
export function poolSize({ settings }: ServerConnection): number {
  return Math.min(10, Math.max(1, numberOf(settings['poolSize']) ?? 2));
}
