import { escapeIdentifier as quoted } from 'pg';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../../lib/reading.ts';
import { dropIndexTool } from '../../actions/index-plan.ts';
import { askedAddress, type PostgresBackend, runOnce } from '../backend.ts';
import { connectionSchema, nameSchema } from '../schema.ts';

/** Drops the index that has this oid and this name, and no other that has taken the name since. Answers `Gone` where there is none. */
export const dropIndex: ToolDefinition<PostgresBackend> = {
  name: dropIndexTool,
  description: 'Drops one index, named by its schema, its name and its oid, concurrently.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['schema', 'name', 'oid'],
    properties: {
      schema: nameSchema,
      name: nameSchema,
      oid: { type: 'integer', minimum: 1 },
      connection: connectionSchema,
    },
  },
  output: { type: 'object', required: ['outcome'], properties: { outcome: { enum: ['Dropped', 'Gone'] } } },
  async handle(args, { backend, signal }) {
    const [schema, name] = [textOf(args['schema']) ?? '', textOf(args['name']) ?? ''];
    const address = askedAddress(args);
    const known = {
      text: `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = $1 and c.relkind = 'i' and n.nspname = $2 and c.relname = $3`,
      values: [numberOf(args['oid']) ?? 0, schema, name],
    };
    if ((await runOnce(backend, address, known, signal)).length === 0) return { outcome: 'Gone' };
    // It waits for a build that is under way; another call's wait may be over first.
    const text = `drop index concurrently if exists ${quoted(schema)}.${quoted(name)}`;
    await runOnce(backend, address, { text }, signal);
    return { outcome: 'Dropped' };
  },
};
