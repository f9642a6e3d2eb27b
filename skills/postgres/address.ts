import type { JsonObject } from '../../controller/api/json.ts';
import { numberOf, textOf } from '../lib/reading.ts';

/** Which database is meant. What is left out is in the Secret's `url`. */
export type DatabaseAddress = {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly sslMode?: string;
};

export const defaultPort = 5432;

/** The address that a node's `with` names; empty where it leaves all to the Secret. */
export function addressOf(parameters: JsonObject): DatabaseAddress {
  const fromUrl = addressInUrl(textOf(parameters['url']) ?? '');
  const host = textOf(parameters['host']) ?? fromUrl.host;
  const port = numberOf(parameters['port']) ?? fromUrl.port;
  const database = textOf(parameters['database']) ?? fromUrl.database;
  const sslMode = textOf(parameters['sslMode']) ?? fromUrl.sslMode;
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(database === undefined ? {} : { database }),
    ...(sslMode === undefined ? {} : { sslMode }),
  };
}

/** The argument by which our own tools are told which database is meant; none where the Secret says it. */
export function connectionOf(parameters: JsonObject): { readonly connection?: DatabaseAddress } {
  const address = addressOf(parameters);
  return Object.keys(address).length === 0 ? {} : { connection: address };
}

/** Of a connection URL only what says where; files and options that libpq would read from it are ignored. */
export function addressInUrl(text: string): DatabaseAddress {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return {};
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  const database = decodeURIComponent(url.pathname.slice(1));
  const sslMode = url.searchParams.get('sslmode');
  return {
    ...(host === '' ? {} : { host }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(database === '' ? {} : { database }),
    ...(sslMode === null ? {} : { sslMode }),
  };
}

/** Two nodes with this are the same database, however their maps write it. */
export function postgresIdentity(parameters: JsonObject): string | undefined {
  const { host, port = defaultPort, database } = addressOf(parameters);
  if (host === undefined || database === undefined) return undefined;
  return `postgres:${host.toLowerCase()}:${port}/${database}`;
}
