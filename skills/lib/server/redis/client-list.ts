import type { Json } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { connectionSchema, type RedisBackend, runCommand } from './call.ts';

const mostClients = 5_000;

/** One object a client, all values text as Redis writes them. */
export const clientList: ToolDefinition<RedisBackend> = {
  name: 'client_list',
  description: 'Lists the connected clients, at most 5,000.',
  access: 'Read',
  input: { type: 'object', properties: { connection: connectionSchema } },
  output: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } },
  async handle(args, { backend, signal }) {
    const text = String(await runCommand(backend, args, ['CLIENT', 'LIST'], signal));
    return text.split('\n').filter(Boolean).slice(0, mostClients).map(parseClient);
  },
};

function parseClient(line: string): Json {
  const fields = line.split(' ').map((field) => {
    const split = field.indexOf('=');
    return [field.slice(0, split), field.slice(split + 1)] as const;
  });
  return Object.fromEntries(fields);
}
