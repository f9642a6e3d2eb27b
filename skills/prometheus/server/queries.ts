import type { Json, JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import { ask, connectionSchema, type PrometheusBackend } from './api.ts';

const query = { type: 'string', minLength: 1, maxLength: 2000, description: 'PromQL' };
const moment = { type: 'string', description: 'RFC 3339, or seconds since the epoch' };

const output: JsonSchema = {
  type: 'object',
  required: ['resultType', 'result'],
  properties: { resultType: { enum: ['vector', 'matrix', 'scalar', 'string'] }, result: { type: 'array' } },
};

/** The tool of prometheus-mcp-server, without its links to the web page. */
export const executeQuery: ToolDefinition<PrometheusBackend> = {
  name: 'execute_query',
  description: 'Evaluates a PromQL expression at one moment, now by default.',
  access: 'Read',
  input: {
    type: 'object',
    required: ['query'],
    properties: { query, time: { ...moment, type: ['string', 'null'] }, connection: connectionSchema },
  },
  output,
  async handle(args, { backend, signal }) {
    const parameters = { query: textOf(args['query']), time: textOf(args['time']) };
    return encoded(await ask(backend, args, 'query', parameters, signal));
  },
};

/** The tool of prometheus-mcp-server, without its links to the web page. */
export const executeRangeQuery: ToolDefinition<PrometheusBackend> = {
  name: 'execute_range_query',
  description: 'Evaluates a PromQL expression over a time, a value a step.',
  access: 'Read',
  input: {
    type: 'object',
    required: ['query', 'start', 'end', 'step'],
    properties: {
      query,
      start: moment,
      end: moment,
      step: { type: 'string', pattern: '^[0-9.]+(ms|[smhdwy])?$', maxLength: 20, description: 'such as 15s' },
      connection: connectionSchema,
    },
  },
  output,
  async handle(args, { backend, signal }) {
    const names = ['query', 'start', 'end', 'step'];
    const parameters = Object.fromEntries(names.map((name) => [name, textOf(args[name])]));
    return encoded(await ask(backend, args, 'query_range', parameters, signal));
  },
};

function encoded(data: Json): JsonObject {
  const { resultType = '', result = [] } = objectOf(data);
  return { resultType, result };
}
