import { escapeIdentifier as quoted } from 'pg';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { textOf, textsOf } from '../../../lib/reading.ts';
import type { DatabaseAddress } from '../../address.ts';
import { createIndexTool } from '../../actions/index-plan.ts';
import { isBeingBuilt } from '../../table-queries.ts';
import { askedAddress, type PostgresBackend, runOnce } from '../backend.ts';
import { connectionSchema, nameSchema } from '../schema.ts';

interface Asked {
  readonly backend: PostgresBackend;
  readonly address: DatabaseAddress;
  readonly schema: string;
  readonly name: string;
}

/**
 * Builds an index while writes go on. Answers as soon as it is begun, since a large one takes longer than any call may: then it goes on by
 * itself, whoever hears of it, and the catalogue tells how it ended. One that is there stays; what a build left that failed is dropped.
 * @throws 42501 for a role that does not own the table
 */
export const createIndex: ToolDefinition<PostgresBackend> = {
  name: createIndexTool,
  description: 'Creates a B-tree index on columns of a table, concurrently: nobody is locked out meanwhile.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['schema', 'table', 'columns', 'name'],
    properties: {
      schema: nameSchema,
      table: nameSchema,
      columns: { type: 'array', minItems: 1, maxItems: 4, items: nameSchema },
      name: nameSchema,
      connection: connectionSchema,
    },
  },
  output: {
    type: 'object',
    required: ['outcome'],
    properties: { outcome: { enum: ['Built', 'Building', 'There'] } },
  },
  async handle(args, { backend, signal }) {
    const text = (name: string): string => textOf(args[name]) ?? '';
    const asked: Asked = { backend, address: askedAddress(args), schema: text('schema'), name: text('name') };
    const state = await stateOf(asked, signal);
    if (state === 'Valid') return { outcome: 'There' };
    if (state === 'Building') return { outcome: 'Building' };
    if (state === 'Left')
      await run(asked, `drop index concurrently ${quoted(asked.schema)}.${quoted(asked.name)}`, signal);
    const columns = textsOf(args['columns']).map(quoted).join(', ');
    const on = `${quoted(asked.schema)}.${quoted(text('table'))}`;
    signal.throwIfAborted();
    const sql = `create index concurrently if not exists ${quoted(asked.name)} on ${on} (${columns})`;
    return { outcome: await begun(asked, sql, signal) };
  },
};

/** The build outlives the call, not the server: without its connection PostgreSQL carries it on alone. */
async function begun(asked: Asked, sql: string, signal: AbortSignal): Promise<'Built' | 'Building'> {
  const over = new AbortController();
  const built = run(asked, sql, asked.backend.end.signal).then(() => 'Built' as const);
  const seen = untilSeen(asked, AbortSignal.any([signal, over.signal]));
  try {
    return await Promise.race([built, seen.catch(() => built)]);
  } finally {
    over.abort();
    // How it ends after that is read from the catalogue.
    built.catch(() => undefined);
  }
}

async function untilSeen(asked: Asked, signal: AbortSignal): Promise<'Building'> {
  while ((await stateOf(asked, signal)) === 'Absent') signal.throwIfAborted();
  return 'Building';
}

interface State {
  readonly valid: boolean;
  readonly building: boolean;
}

/** Looks some seconds later, by the server's own clock. */
const stateQuery = `
select i.indisvalid as valid, ${isBeingBuilt} as building
from pg_sleep($3), pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2`;

/** A build has ended a moment before its index is valid for others: what looks abandoned is looked at again. */
async function stateOf(asked: Asked, signal: AbortSignal): Promise<'Absent' | 'Valid' | 'Building' | 'Left'> {
  for (const seconds of [0.1, 1]) {
    const row = await stateAfter(seconds, asked, signal);
    if (row === undefined) return 'Absent';
    if (row.valid) return 'Valid';
    if (row.building) return 'Building';
  }
  return 'Left';
}

async function stateAfter(seconds: number, asked: Asked, signal: AbortSignal): Promise<State | undefined> {
  const { backend, address, schema, name } = asked;
  return (await runOnce<State>(backend, address, { text: stateQuery, values: [schema, name, seconds] }, signal))[0];
}

async function run({ backend, address }: Asked, text: string, signal: AbortSignal): Promise<void> {
  await runOnce(backend, address, { text }, signal);
}
