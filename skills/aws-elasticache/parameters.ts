import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { addressParameters, redisIdentity } from '../lib/redis/address.ts';
import { lookParameters } from '../lib/redis/thresholds.ts';
import { numberOf, textOf } from '../lib/reading.ts';

const id = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9-]*$', maxLength: 50 };
const defaultMaxEngineCpu = 90;

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [
    { required: ['cacheClusterId'] },
    { required: ['replicationGroupId'] },
    { required: ['host'] },
    { required: ['url'] },
  ],
  properties: {
    cacheClusterId: {
      ...id,
      description: 'One cluster that stands for itself; without it and a group, Redis alone is looked at',
    },
    replicationGroupId: { ...id, description: 'A primary with its replicas; wins over cacheClusterId' },
    url: {
      type: 'string',
      pattern: '^rediss?://[^@]+$',
      maxLength: 1024,
      description: 'redis://HOST:PORT, or rediss:// for TLS, without credentials; host and port win over it',
    },
    ...addressParameters,
    region: { type: 'string', maxLength: 30, description: 'For a tool server that does not know it' },
    maxEngineCpuPercent: { type: 'number', minimum: 1, maximum: 100, default: defaultMaxEngineCpu },
    ...lookParameters,
  },
};

/** What the control plane is asked about; undefined where the map names only the Redis within. */
export interface CacheTarget {
  readonly cluster?: string;
  readonly group?: string;
}

export function targetOf(parameters: JsonObject): CacheTarget | undefined {
  const group = textOf(parameters['replicationGroupId']);
  const cluster = textOf(parameters['cacheClusterId']);
  if (group !== undefined) return { group };
  return cluster === undefined ? undefined : { cluster };
}

export function maxEngineCpuOf(parameters: JsonObject): number {
  return numberOf(parameters['maxEngineCpuPercent']) ?? defaultMaxEngineCpu;
}

/** By the address where one is given, as of any Redis: another map may know it by that alone. */
export function identity(parameters: JsonObject): string | undefined {
  const { group, cluster } = targetOf(parameters) ?? {};
  const named = group ?? cluster;
  return redisIdentity(parameters) ?? (named === undefined ? undefined : `elasticache:${named.toLowerCase()}`);
}
