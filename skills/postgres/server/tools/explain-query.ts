import type { JsonObject } from '../../../../controller/api/json.ts';
import { ToolFault } from '../../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { listOf, textOf } from '../../../lib/reading.ts';
import { askedAddress, type PostgresBackend, runReadOnly, type Statement } from '../backend.ts';
import { readOnlyStatement } from '../read-only.ts';
import { connectionSchema } from '../schema.ts';
import { tokensOf } from '../tokens.ts';

/** Estimates alone: to run a statement for its real times, or to lay hypothetical indexes over it, is not offered. */
export const explainQuery: ToolDefinition<PostgresBackend> = {
  name: 'explain_query',
  description:
    "Shows the planner's plan and cost estimates for a query, without running it; parameters ($1) may stand in it.",
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
    const rows = await runReadOnly<JsonObject>(backend, askedAddress(args), stepsFor(sql), signal);
    return rows.map((row) => textOf(row['QUERY PLAN']) ?? '').join('\n');
  },
};

/** A statement as pg_stat_statements keeps it has parameters, whose values nobody knows: what is planned then is good for all of them. */
function stepsFor(sql: string): readonly Statement[] {
  const count = Math.max(0, ...tokensOf(sql).map(({ text }) => Number(/^\$(\d{1,3})$/.exec(text)?.[1] ?? 0)));
  if (count === 0) return [{ text: `explain (format text, costs true) ${sql}` }];
  const unknown = Array.from({ length: count }, () => 'null').join(', ');
  return [
    { text: 'set local plan_cache_mode = force_generic_plan' },
    // It belongs to the connection, which is used again, and not to the transaction.
    { text: 'deallocate all' },
    { text: `prepare explained as ${sql}` },
    { text: `explain (format text, costs true) execute explained(${unknown})` },
  ];
}
