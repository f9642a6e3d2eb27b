import type { JsonSchema } from '../../../controller/api/json.ts';

/**
 * Which database is meant: an addition of ours to every tool of the contract, whose own server is bound to one. A server that does
 * not know it ignores it.
 */
export const connectionSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    host: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 253 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    database: { type: 'string', minLength: 1, maxLength: 63 },
    sslMode: { type: 'string', maxLength: 20 },
  },
};

export const rowsSchema: JsonSchema = { type: 'array', items: { type: 'object' } };

/** Of a table, a column, an index. */
export const nameSchema: JsonSchema = { type: 'string', minLength: 1, maxLength: 63 };
