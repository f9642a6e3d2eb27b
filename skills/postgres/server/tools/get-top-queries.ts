import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../../lib/reading.ts';
import { queryTemplate } from '../../query-template.ts';
import { askedAddress, type PostgresBackend, runReadOnly } from '../backend.ts';
import { connectionSchema, rowsSchema } from '../schema.ts';

const orders: Readonly<Record<string, string>> = {
  total_time: 'total_exec_time',
  mean_time: 'mean_exec_time',
  resources: 'shared_blks_hit + shared_blks_read + shared_blks_dirtied',
};

/** Fails with 42P01 where the extension is not installed. */
export const getTopQueries: ToolDefinition<PostgresBackend> = {
  name: 'get_top_queries',
  description:
    'Reports the statements of this database that took most time or touched most blocks, by pg_stat_statements.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      sort_by: { enum: Object.keys(orders), default: 'resources' },
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
      connection: connectionSchema,
    },
  },
  output: rowsSchema,
  async handle(args, { backend, signal }) {
    const order = orders[textOf(args['sort_by']) ?? 'resources'] ?? 'total_exec_time';
    const text = `select left(query, 2000) as query, calls::float8 as calls, total_exec_time, mean_exec_time, rows::float8 as rows
      from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
      order by ${order} desc nulls last, queryid
      limit $1`;
    const statement = { text, values: [numberOf(args['limit']) ?? 10] };
    const rows = await runReadOnly<JsonObject>(backend, askedAddress(args), [statement], signal);
    return rows.map((row) => ({ ...row, query: queryTemplate(textOf(row['query']) ?? '') }));
  },
};
