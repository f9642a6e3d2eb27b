import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { textOf } from '../../reading.ts';
import { connectionSchema, type RedisBackend, runCommand } from './call.ts';

export const info: ToolDefinition<RedisBackend> = {
  name: 'info',
  description: "Answers the server's INFO as an object: memory, clients, statistics, replication, errors.",
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      section: { type: 'string', pattern: '^[a-z]+$', maxLength: 30, default: 'default' },
      reading: { type: 'integer', description: 'Of a series: equal calls close together may be answered as one' },
      connection: connectionSchema,
    },
  },
  output: { type: 'object' },
  async handle(args, { backend, signal }) {
    return parseInfoText(
      String(await runCommand(backend, args, ['INFO', textOf(args['section']) ?? 'default'], signal)),
    );
  },
};

/** `name:value` lines; values are numbers where they are written as such, and objects where they are lists of `name=value`. */
export function parseInfoText(text: string): JsonObject {
  const fields: Record<string, Json> = {};
  for (const line of text.split('\r\n')) {
    const split = line.indexOf(':');
    if (split > 0 && !line.startsWith('#')) fields[line.slice(0, split)] = parseValue(line.slice(split + 1));
  }
  return fields;
}

function parseValue(value: string): Json {
  if (!/^\w+=[^,]*(,\w+=[^,]*)*$/.test(value)) return parseScalar(value);
  const pairs = value.split(',').map((pair) => {
    const split = pair.indexOf('=');
    return [pair.slice(0, split), parseScalar(pair.slice(split + 1))] as const;
  });
  return Object.fromEntries(pairs);
}

function parseScalar(value: string): Json {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
