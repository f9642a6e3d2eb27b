import type { Json } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { numberOf } from '../../reading.ts';
import { connectionSchema, type RedisBackend, runCommand } from './call.ts';

/** Of each command its name and how many words it had: keys and values may be people's data. */
export const slowLog: ToolDefinition<RedisBackend> = {
  name: 'threehops_slowlog',
  description: 'Lists the slowest of the recent commands, by the slow log of the server.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 128, default: 128 },
      connection: connectionSchema,
    },
  },
  output: {
    type: 'array',
    items: {
      type: 'object',
      required: ['time', 'microseconds', 'command', 'client'],
      properties: {
        time: { type: 'integer', description: 'seconds since the epoch' },
        microseconds: { type: 'integer' },
        command: { type: 'string' },
        client: { type: 'string' },
      },
    },
  },
  async handle(args, { backend, signal }) {
    const limit = String(numberOf(args['limit']) ?? 128);
    const entries = await runCommand(backend, args, ['SLOWLOG', 'GET', limit], signal);
    return (Array.isArray(entries) ? (entries as unknown[]) : []).map(describeEntry);
  },
};

/** [id, seconds, microseconds, [word, ...], address, name] */
function describeEntry(entry: unknown): Json {
  const [, time, microseconds, words, address, name] = entry as readonly unknown[];
  const [command = '', ...rest] = (Array.isArray(words) ? words : []).map(String);
  const from = typeof address === 'string' ? address.replace(/:\d+$/, '') : '';
  return {
    time: Number(time),
    microseconds: Number(microseconds),
    command: `${command.toUpperCase()} (${rest.length} arguments)`,
    client: typeof name === 'string' && name !== '' ? name : from,
  };
}
