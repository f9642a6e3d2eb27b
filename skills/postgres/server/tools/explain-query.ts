import type { JsonObject } from '../../../../controller/api/json.ts';
import { ToolFault } from '../../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { listOf, textOf } from '../../../lib/reading.ts';
import { askedAddress, type PostgresBackend, runReadOnly } from '../backend.ts';
import { readOnlyStatement } from '../read-only.ts';
import { connectionSchema } from '../schema.ts';

/** Estimates alone: to run a statement for its real times, or to lay hypothetical indexes over it, is not offered. */
export const explainQuery: ToolDefinition<PostgresBackend> = {
  name: 'explain_query',
  description: "Shows the planner's plan and cost estimates for a query, without running it.",
  access: 'Read',
  input: {
    type: 'object',
    required: ['sql'],
    properties: {
      sql: { type: 'string', minLength: 1, maxLength: 20_000 },
      analyze: { type: 'boolean', default: false },
      hypothetical_indexes: { type: 'array', default: [], items: { type: 'object' } },
      connection: connectionSchema,
    },
  },
  output: { type: 'string' },
  async handle(args, { backend, signal }) {
    if (args['analyze'] === true || listOf(args['hypothetical_indexes']).length > 0) {
      throw new ToolFault('NotOffered', 'analyze and hypothetical indexes are not offered');
    }
    const { sql, cursor } = readOnlyStatement(textOf(args['sql']) ?? '');
    if (!cursor) throw new ToolFault('StatementNotAllowed', 'only a query can be explained');
    const steps = [{ text: `explain (format text, costs true) ${sql}` }];
    const rows = await runReadOnly<JsonObject>(backend, askedAddress(args), steps, signal);
    return rows.map((row) => textOf(row['QUERY PLAN']) ?? '').join('\n');
  },
};
