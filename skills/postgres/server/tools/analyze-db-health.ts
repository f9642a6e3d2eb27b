import type { JsonObject } from '../../../../controller/api/json.ts';
import { ToolFault } from '../../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { textOf } from '../../../lib/reading.ts';
import { askedAddress, type PostgresBackend, runReadOnly } from '../backend.ts';
import { healthQueries } from '../health-queries.ts';
import { connectionSchema } from '../schema.ts';

export const analyzeDbHealth: ToolDefinition<PostgresBackend> = {
  name: 'analyze_db_health',
  description: `Reports on the health of the database: ${Object.keys(healthQueries).join(', ')}, or all; several are parted by commas.`,
  access: 'Read',
  input: {
    type: 'object',
    properties: { health_type: { type: 'string', default: 'all', maxLength: 200 }, connection: connectionSchema },
  },
  output: { type: 'string' },
  async handle(args, { backend, signal }) {
    const sections: string[] = [];
    for (const type of typesOf(textOf(args['health_type']) ?? 'all')) {
      const steps = [{ text: healthQueries[type] ?? '' }];
      const rows = await runReadOnly<JsonObject>(backend, askedAddress(args), steps, signal);
      sections.push(
        `${type}:\n${rows.length === 0 ? 'nothing to report' : rows.map((row) => JSON.stringify(row)).join('\n')}`,
      );
    }
    return sections.join('\n\n');
  },
};

function typesOf(given: string): readonly string[] {
  const asked = given.split(',').map((one) => one.trim().toLowerCase());
  if (asked.includes('all')) return Object.keys(healthQueries);
  const unknown = asked.find((one) => !(one in healthQueries));
  if (unknown !== undefined) throw new ToolFault('InvalidArguments', `there is no health type ${unknown}`);
  return asked;
}
