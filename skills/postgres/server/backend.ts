import { Pool, type PoolClient, type QueryConfig, type QueryResultRow } from 'pg';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { objectOf } from '../../lib/reading.ts';
import type { DatabaseAddress } from '../address.ts';
import { connectionConfig, poolSize, statementTimeoutMs } from './connection-config.ts';
import { plainTypes } from './plain-types.ts';

/** Small pools, one for each database that was asked about with these credentials. */
export interface PostgresBackend {
  readonly connection: ServerConnection;
  readonly pools: Map<string, Pool>;
  /** Aborted when the server ends: for what outlives the call that began it. */
  readonly end: AbortController;
}

const idleMs = 10_000;

export function connect(connection: ServerConnection): PostgresBackend {
  return { connection, pools: new Map(), end: new AbortController() };
}

export async function close(backend: PostgresBackend): Promise<void> {
  backend.end.abort();
  const pools = [...backend.pools.values()];
  backend.pools.clear();
  await Promise.all(pools.map((pool) => pool.end()));
}

/** What a tool's optional `connection` says; see `connectionSchema`. */
export function askedAddress(args: JsonObject): DatabaseAddress {
  return objectOf(args['connection']) as DatabaseAddress;
}

export interface Statement {
  readonly text: string;
  readonly values?: readonly Json[];
}

/**
 * Runs statements in a transaction of their own that cannot write and is taken back, under a timeout; answers the rows of the last.
 * The extended protocol takes one statement a text, so that none can end the transaction and go on.
 * @throws pg's DatabaseError with its SQLSTATE
 */
export function runReadOnly<Row extends QueryResultRow>(
  backend: PostgresBackend,
  address: DatabaseAddress,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const timeout = statementTimeoutMs(backend.connection);
  return withClient(backend, address, signal, async (client) => {
    await client.query(
      `begin transaction read only; set local statement_timeout = ${timeout}; set local standard_conforming_strings = on`,
    );
    let rows: readonly Row[] = [];
    for (const { text, values = [] } of statements) {
      const extended = { text, values: [...values], types: plainTypes, queryMode: 'extended' };
      ({ rows } = await client.query<Row>(extended as QueryConfig));
      signal.throwIfAborted();
    }
    await client.query('rollback');
    return rows;
  });
}

/** As `runReadOnly`, for the one statement of a write tool. */
export function runOnce<Row extends QueryResultRow>(
  backend: PostgresBackend,
  address: DatabaseAddress,
  statement: Statement,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  return withClient(backend, address, signal, async (client) => {
    const { text, values = [] } = statement;
    return (await client.query<Row>({ text, values: [...values], types: plainTypes })).rows;
  });
}

/** A connection that failed or was given up is closed: what it was doing may still be under way on it. */
async function withClient<T>(
  backend: PostgresBackend,
  address: DatabaseAddress,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await poolFor(backend, address).connect();
  const gaveUp = Promise.withResolvers<never>();
  const onAbort = (): void => gaveUp.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let done = false;
  try {
    signal.throwIfAborted();
    const result = await Promise.race([work(client), gaveUp.promise]);
    done = true;
    return result;
  } finally {
    signal.removeEventListener('abort', onAbort);
    client.release(!done);
  }
}

function poolFor(backend: PostgresBackend, address: DatabaseAddress): Pool {
  const config = connectionConfig(backend.connection, address);
  const key = JSON.stringify([config.host, config.port, config.database, address.sslMode ?? '']);
  const known = backend.pools.get(key);
  if (known !== undefined) return known;
  const pool = new Pool({
    ...config,
    max: poolSize(backend.connection),
    idleTimeoutMillis: idleMs,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  backend.pools.set(key, pool);
  return pool;
}
