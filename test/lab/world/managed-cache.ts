import {
  CreateCacheClusterCommand,
  CreateCacheParameterGroupCommand,
  ElastiCacheClient,
  ModifyCacheParameterGroupCommand,
} from '@aws-sdk/client-elasticache';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { startElastiCache } from '../elasticache/endpoint.ts';
import { family } from '../elasticache/engine.ts';
import { publishMetrics } from '../elasticache/metrics.ts';
import type { Moto } from '../parts/moto.ts';
import type { Redis } from '../parts/redis.ts';
import type { WorldNames } from './names.ts';

/** The cache as a cluster of ElastiCache, whose one node is the world's Redis. */
export interface ManagedCache {
  /** Endpoint of ElastiCache. */
  readonly url: string;
  /** Sets a parameter of its group, as somebody would with the rights to. */
  setParameter(name: string, value: string): Promise<void>;
}

/** Ends with the signal. */
export async function startManagedCache(
  names: WorldNames,
  { url: motoUrl, clientConfig }: Moto,
  redis: Redis,
  signal: AbortSignal,
): Promise<ManagedCache> {
  const url = await startElastiCache({ motoUrl, redis, signal });
  const client = new ElastiCacheClient({ ...clientConfig, endpoint: url });
  signal.addEventListener('abort', () => client.destroy(), { once: true });
  const group = { CacheParameterGroupName: names.cacheParameters };
  const of = { CacheParameterGroupFamily: family, Description: 'of the lab' };
  await client.send(new CreateCacheParameterGroupCommand({ ...group, ...of }));
  const node = { CacheNodeType: 'cache.t4g.micro', NumCacheNodes: 1, Engine: 'redis', EngineVersion: '7.0' };
  await client.send(new CreateCacheClusterCommand({ ...group, ...node, CacheClusterId: names.cacheCluster }));
  await publishMetrics({ clientConfig, redisUrl: redis.url, cluster: names.cacheCluster, signal });
  return {
    url,
    async setParameter(name, value) {
      const ParameterNameValues = [{ ParameterName: name, ParameterValue: value }];
      await client.send(new ModifyCacheParameterGroupCommand({ ...group, ParameterNameValues }));
    },
  };
}

/** How the service's team knows it: by its name alone. */
export function managedCacheNode({ nodes, cacheCluster }: WorldNames): TopologyNode {
  return { name: nodes.cache, type: 'cache', skill: 'aws-elasticache', with: { cacheClusterId: cacheCluster } };
}
