import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { textOf } from '../../../lib/reading.ts';
import { executeSqlTool } from '../../report.ts';
import { askedAddress, type PostgresBackend, runReadOnly } from '../backend.ts';
import { readOnlyStatement } from '../read-only.ts';
import { connectionSchema, rowsSchema } from '../schema.ts';

const mostRows = 1_000;

/** Rows beyond the thousandth are not fetched. */
export const executeSql: ToolDefinition<PostgresBackend> = {
  name: executeSqlTool,
  description: 'Runs one read-only SQL query and answers its rows, at most 1,000.',
  access: 'Read',
  input: {
    type: 'object',
    required: ['sql'],
    properties: { sql: { type: 'string', minLength: 1, maxLength: 20_000 }, connection: connectionSchema },
  },
  output: rowsSchema,
  async handle(args, { backend, signal }) {
    const statement = readOnlyStatement(textOf(args['sql']) ?? '');
    const steps = statement.cursor
      ? [
          // A cursor takes queries alone, without parts that change data, and fetches no more than it is asked for.
          { text: `declare answer no scroll cursor for ${statement.sql}` },
          { text: `fetch ${mostRows} from answer` },
        ]
      : [{ text: statement.sql }];
    const rows = await runReadOnly<JsonObject>(backend, askedAddress(args), steps, signal);
    return rows.slice(0, mostRows);
  },
};
