import type { Json, JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf, textsOf } from '../lib/reading.ts';

const name = { type: 'string', minLength: 1, maxLength: 63 };

/** The parameter: what the service's migrations should have made of the database. */
export const expectedSchema: JsonSchema = {
  type: 'object',
  maxProperties: 50,
  description:
    'tables, each as `name` (in public) or `schema.name`, with the columns and indexes that the service relies on',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    properties: {
      columns: {
        type: 'object',
        maxProperties: 200,
        additionalProperties: { type: 'string', maxLength: 100 },
        description: 'column to type, as PostgreSQL prints it; any type where it is empty',
      },
      indexes: {
        type: 'array',
        maxItems: 50,
        items: { type: 'array', minItems: 1, maxItems: 8, items: name },
        description: 'columns of each, in order; any valid index that begins with them will do',
      },
    },
  },
};

export interface ExpectedTable {
  readonly schema: string;
  readonly table: string;
  /** Column to type; an empty type is any. */
  readonly columns: Readonly<Record<string, string>>;
  readonly indexes: readonly (readonly string[])[];
}

/** What a node's `with` expects of its database; empty where it says nothing. */
export function expectedTables(parameters: JsonObject): readonly ExpectedTable[] {
  return Object.entries(objectOf(parameters['expectedSchema'])).map(([named, value]) => expectedTable(named, value));
}

function expectedTable(named: string, value: Json): ExpectedTable {
  const { columns, indexes } = objectOf(value);
  const [table = '', schema = 'public'] = named.split('.').toReversed();
  const types = Object.entries(objectOf(columns)).map(([column, type]) => [column, textOf(type) ?? ''] as const);
  return { schema, table, columns: Object.fromEntries(types), indexes: listOf(indexes).map(textsOf) };
}
