import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf, textOf } from '../lib/reading.ts';

const percent = (byDefault: number, description: string): JsonObject => ({
  type: 'number',
  minimum: 1,
  maximum: 100,
  default: byDefault,
  description,
});

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      pattern: '^rediss?://[^@]+$',
      maxLength: 1024,
      description: 'redis://HOST:PORT, or rediss:// for TLS, without credentials; host and port win over it',
    },
    host: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 253 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    tls: { type: 'boolean' },
    maxMemoryPercent: percent(90, 'of maxmemory'),
    maxClientsPercent: percent(80, 'of maxclients'),
    maxBlockedClients: { type: 'integer', minimum: 0, default: 100, description: 'clients in blocking commands' },
    slowCommandMilliseconds: { type: 'number', minimum: 0.001, maximum: 3_600_000, default: 100 },
    sampleSeconds: {
      type: 'number',
      minimum: 0.1,
      maximum: 10,
      default: 1,
      description: 'between the two readings of counters',
    },
  },
};

export interface Thresholds {
  readonly maxMemoryPercent: number;
  readonly maxClientsPercent: number;
  readonly maxBlockedClients: number;
  readonly slowCommandMilliseconds: number;
  readonly sampleSeconds: number;
}

const defaults: Thresholds = {
  maxMemoryPercent: 90,
  maxClientsPercent: 80,
  maxBlockedClients: 100,
  slowCommandMilliseconds: 100,
  sampleSeconds: 1,
};

/** Defaults are repeated here, because checks also meet nodes whose `with` was kept as it was written. */
export function thresholdsOf(parameters: JsonObject): Thresholds {
  const entries = Object.entries(defaults).map(([name, byDefault]) => [name, numberOf(parameters[name]) ?? byDefault]);
  return Object.fromEntries(entries) as Thresholds;
}

/** Which server is meant. What is left out is in the Secret's `url`. */
export type RedisAddress = {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: boolean;
};

export const defaultPort = 6379;

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
