import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { connectionSchema, type RedisBackend, runCommand } from './call.ts';

export const dbsize: ToolDefinition<RedisBackend> = {
  name: 'dbsize',
  description: 'Counts the keys of the first database.',
  access: 'Read',
  input: { type: 'object', properties: { connection: connectionSchema } },
  output: { type: 'integer' },
  handle: async (args, { backend, signal }) => Number(await runCommand(backend, args, ['DBSIZE'], signal)),
};
