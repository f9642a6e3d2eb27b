import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf, textsOf } from '../lib/reading.ts';
import { expectedSchema } from './expected-schema.ts';

const seconds = (byDefault: number, description: string): JsonObject => ({
  type: 'number',
  minimum: 0,
  maximum: 86_400,
  default: byDefault,
  description,
});

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      pattern: '^postgres(ql)?://[^@]+$',
      maxLength: 1024,
      description: 'postgresql://HOST:PORT/DATABASE, without credentials; host, port and database win over it',
    },
    host: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 253 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    database: { type: 'string', minLength: 1, maxLength: 63 },
    sslMode: { enum: ['disable', 'require', 'verify-full'], description: 'disable when left out' },
    applicationNames: {
      type: 'array',
      maxItems: 20,
      items: { type: 'string', maxLength: 63 },
      description: "application_name of the service's own sessions, to tell them from others'",
    },
    serviceUsers: {
      type: 'array',
      maxItems: 20,
      items: { type: 'string', maxLength: 63 },
      description: "roles of the service's own sessions",
    },
    maxConnectionsPercent: {
      type: 'number',
      minimum: 1,
      maximum: 100,
      default: 80,
      description: 'of max_connections',
    },
    longTransactionSeconds: seconds(300, 'age from which a transaction is long'),
    idleInTransactionSeconds: seconds(60, 'how long a session may be idle in a transaction'),
    blockedSeconds: seconds(5, 'how long a session may wait for a lock'),
    slowQueryMilliseconds: { type: 'number', minimum: 1, maximum: 3_600_000, default: 1_000 },
    slowQueryFactor: {
      type: 'number',
      minimum: 1.5,
      maximum: 1_000,
      default: 3,
      description:
        'times its own mean so far, from which a statement is slow; not below a tenth of slowQueryMilliseconds',
    },
    largeTableRows: {
      type: 'integer',
      minimum: 100,
      maximum: 1_000_000_000,
      default: 10_000,
      description: 'rows that one sequential scan may read',
    },
    poolSize: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: "connections that the pools of the service's own tasks may open together",
    },
    replicationLagSeconds: seconds(30, 'how far behind a replica may be'),
    wraparoundPercent: {
      type: 'number',
      minimum: 1,
      maximum: 100,
      default: 50,
      description: 'of the transaction ids that there are before the server stops taking writes',
    },
    maxDatabaseMegabytes: {
      type: 'number',
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'what the disk has room for',
    },
    expectedSchema,
    sampleSeconds: {
      type: 'number',
      minimum: 0.1,
      maximum: 10,
      default: 1,
      description: 'between the two readings of counters',
    },
  },
};

export interface Thresholds {
  readonly maxConnectionsPercent: number;
  readonly longTransactionSeconds: number;
  readonly idleInTransactionSeconds: number;
  readonly blockedSeconds: number;
  readonly slowQueryMilliseconds: number;
  readonly slowQueryFactor: number;
  readonly largeTableRows: number;
  readonly replicationLagSeconds: number;
  readonly wraparoundPercent: number;
  readonly sampleSeconds: number;
}

const defaults: Thresholds = {
  maxConnectionsPercent: 80,
  longTransactionSeconds: 300,
  idleInTransactionSeconds: 60,
  blockedSeconds: 5,
  slowQueryMilliseconds: 1_000,
  slowQueryFactor: 3,
  largeTableRows: 10_000,
  replicationLagSeconds: 30,
  wraparoundPercent: 50,
  sampleSeconds: 1,
};

/** Defaults are repeated here, because checks and actions also meet nodes whose `with` was kept as it was written. */
export function thresholdsOf(parameters: JsonObject): Thresholds {
  const entries = Object.entries(defaults).map(([name, byDefault]) => [name, numberOf(parameters[name]) ?? byDefault]);
  return Object.fromEntries(entries) as Thresholds;
}

/** Does a session belong to the service in the middle of the map? */
export function isOwnSession(
  parameters: JsonObject,
  session: { readonly application: string; readonly user: string },
): boolean {
  return (
    textsOf(parameters['applicationNames']).includes(session.application) ||
    textsOf(parameters['serviceUsers']).includes(session.user)
  );
}
