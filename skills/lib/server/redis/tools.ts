import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import type { RedisBackend } from './call.ts';
import { clientList } from './client-list.ts';
import { dbsize } from './dbsize.ts';
import { info } from './info.ts';
import { slowLog } from './slow-log.ts';

/** What looks at a Redis server: redis-mcp-server's contract as far as it tells how the server is, and the slow log, which that lacks. */
export const redisReads: readonly ToolDefinition<RedisBackend>[] = [info, clientList, dbsize, slowLog];
