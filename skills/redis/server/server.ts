import { systemClock } from '../../../controller/kube/clock.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import type { RedisBackend } from '../../lib/server/redis/call.ts';
import { redisReads } from '../../lib/server/redis/tools.ts';
import { setMaxmemoryPolicy } from './set-maxmemory-policy.ts';

export const server: EmbeddedServer<RedisBackend> = {
  id: 'redis',
  tools: [...redisReads, setMaxmemoryPolicy],
  connect: (connection) => ({ connection, clock: systemClock }),
};
