import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf, textOf } from '../reading.ts';

/** Which server is meant. What is left out is in the Secret's `url`. */
export type RedisAddress = {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: boolean;
};

export const defaultPort = 6379;

export const addressParameters: JsonObject = {
  host: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 253 },
  port: { type: 'integer', minimum: 1, maximum: 65_535 },
  tls: { type: 'boolean' },
};

export function addressOf(parameters: JsonObject): RedisAddress {
  const fromUrl = addressInUrl(textOf(parameters['url']) ?? '');
  const host = textOf(parameters['host']) ?? fromUrl.host;
  const port = numberOf(parameters['port']) ?? fromUrl.port;
  const tls = typeof parameters['tls'] === 'boolean' ? parameters['tls'] : fromUrl.tls;
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** The argument by which our own tools are told which server is meant; none where the Secret says it. */
export function connectionOf(parameters: JsonObject): { readonly connection?: RedisAddress } {
  const address = addressOf(parameters);
  return Object.keys(address).length === 0 ? {} : { connection: address };
}

export function addressInUrl(text: string): RedisAddress {
  const url = URL.parse(text);
  if (url === null || !/^rediss?:$/.test(url.protocol)) return {};
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  return {
    ...(host === '' ? {} : { host }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.protocol === 'rediss:' ? { tls: true } : {}),
  };
}

/** Two nodes with this are the same server: its databases share memory, connections and the one thread. */
export function redisIdentity(parameters: JsonObject): string | undefined {
  const { host, port = defaultPort } = addressOf(parameters);
  return host === undefined ? undefined : `redis:${host.toLowerCase()}:${port}`;
}
