import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { redisReads } from '../../lib/server/redis/tools.ts';
import { connect, type ElastiCacheBackend } from './backend.ts';
import { getCacheParameters, setCacheParameter } from './cache-parameters.ts';
import { describeCacheClusters, describeEvents, describeReplicationGroups } from './describe.ts';

/** ElastiCache in the contract of the awslabs server, its metrics, and the Redis within. */
export const server: EmbeddedServer<ElastiCacheBackend> = {
  id: 'aws-elasticache',
  tools: [
    describeCacheClusters,
    describeReplicationGroups,
    describeEvents,
    getMetricData<ElastiCacheBackend>(),
    getCacheParameters,
    ...redisReads,
    setCacheParameter,
  ],
  connect,
  close: (backend) => Promise.resolve(backend.close()),
};
