import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf } from '../reading.ts';
import { policySchema } from './eviction.ts';

const percent = (byDefault: number, description: string): JsonObject => ({
  type: 'number',
  minimum: 1,
  maximum: 100,
  default: byDefault,
  description,
});

/** What every look at a Redis server can be told, whoever runs it. */
export const lookParameters: JsonObject = {
  maxMemoryPercent: percent(90, 'of maxmemory'),
  maxClientsPercent: percent(80, 'of maxclients'),
  minHitPercent: percent(50, 'of what lookups usually hit over the life of the server'),
  maxBlockedClients: { type: 'integer', minimum: 0, default: 100, description: 'clients in blocking commands' },
  slowCommandMilliseconds: { type: 'number', minimum: 0.001, maximum: 3_600_000, default: 100 },
  sampleSeconds: {
    type: 'number',
    minimum: 0.1,
    maximum: 10,
    default: 2,
    description: 'between the two readings of counters',
  },
  maxMemoryPolicy: { ...policySchema, description: 'the maxmemory-policy that it is meant to have' },
  disposable: {
    type: 'boolean',
    default: false,
    description: 'all of its keys can be had again: it is a cache and nothing else',
  },
};

export interface Thresholds {
  readonly maxMemoryPercent: number;
  readonly maxClientsPercent: number;
  readonly minHitPercent: number;
  readonly maxBlockedClients: number;
  readonly slowCommandMilliseconds: number;
  readonly sampleSeconds: number;
}

const defaults: Thresholds = {
  maxMemoryPercent: 90,
  maxClientsPercent: 80,
  minHitPercent: 50,
  maxBlockedClients: 100,
  slowCommandMilliseconds: 100,
  sampleSeconds: 2,
};

/** Defaults are repeated here, because checks also meet nodes whose `with` was kept as it was written. */
export function thresholdsOf(parameters: JsonObject): Thresholds {
  const entries = Object.entries(defaults).map(([name, byDefault]) => [name, numberOf(parameters[name]) ?? byDefault]);
  return Object.fromEntries(entries) as Thresholds;
}
