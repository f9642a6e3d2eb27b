import { systemClock } from '../../../controller/kube/clock.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import type { RedisBackend } from './call.ts';
import { clientList } from './client-list.ts';
import { dbsize } from './dbsize.ts';
import { info } from './info.ts';
import { slowLog } from './slow-log.ts';

/** Redis by MCP: in the contract of redis-mcp-server as far as it tells how the server is, and the slow log, which that lacks. */
export const server: EmbeddedServer<RedisBackend> = {
  id: 'redis',
  tools: [info, clientList, dbsize, slowLog],
  connect: (connection) => ({ connection, clock: systemClock }),
};
