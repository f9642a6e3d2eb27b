import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { server } from '../../../skills/postgres/server/server.ts';
import type { ActionContext, ProbeContext } from '../../../skills/skill.ts';
import type { ToolAccess } from '../../../controller/mcp/server.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Postgres, startPostgres } from '../../lab/parts/postgres.ts';
import { until } from '../../lab/parts/process.ts';

export const neverAborted = new AbortController().signal;

/** A PostgreSQL with a shop's database in it, a role that reads statistics and one that may end backends. */
export interface PostgresLab {
  readonly postgres: Postgres;
  readonly with: JsonObject;
  tools(access: ToolAccess, login?: 'reader' | 'operator' | 'nobody'): HarnessTools;
  /** A connection of a program of that name. */
  client(application: string): Promise<pg.Client>;
  /** Closes all connections of programs. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

export async function startPostgresLab(): Promise<PostgresLab> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threehops-postgres-skill-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startPostgres({
    dataDir,
    signal: neverAborted,
    progress: () => undefined,
    maxConnections: 24,
    settings: { deadlock_timeout: '100ms' },
  });
  const shop = await postgres.createRole('shop', 'shop-password');
  const logins = {
    reader: await postgres.createRole('reader', 'reader-password', ['pg_monitor']),
    operator: await postgres.createRole('operator', 'operator-password', ['pg_monitor', 'pg_signal_backend']),
    nobody: await postgres.createRole('nobody', 'nobody-password'),
  };
  const url = await postgres.createDatabase('shop', shop);
  await postgres.sql('shop', `create table accounts (name text primary key, balance numeric not null)`);
  await postgres.sql('shop', `insert into accounts values ('merchant', 0), ('fees', 0)`);
  await postgres.sql('shop', 'alter table accounts owner to shop');
  let clients: pg.Client[] = [];
  const disconnect = async (): Promise<void> => {
    const open = clients;
    clients = [];
    await Promise.all(open.map((client) => client.end().catch(() => undefined)));
  };
  return {
    disconnect,
    postgres,
    with: { host: postgres.host, port: postgres.port, database: 'shop', blockedSeconds: 0.2, sampleSeconds: 0.1 },
    tools: (access, login = 'reader') => {
      const { user, password } = logins[login];
      return toolsFor(server, {}, { username: user, password }, { access });
    },
    async client(application) {
      const client = new pg.Client({ connectionString: url, application_name: application });
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
      return client;
    },
    async close() {
      await disconnect();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function probeContext(lab: PostgresLab, tools: HarnessTools, more: JsonObject = {}): ProbeContext {
  const node = { id: 'shop/database', name: 'database', type: 'db', with: { ...lab.with, ...more } };
  const window = { from: new Date(Date.now() - 60_000), to: new Date() };
  return { node, tools, clock: systemClock, window, signal: neverAborted };
}

export function actionContext(lab: PostgresLab, tools: HarnessTools): ActionContext {
  const { node, clock, signal } = probeContext(lab, tools);
  return { node, tools, clock, signal, manifestPaths: [], readFile: () => Promise.resolve(undefined) };
}

/** Waits until so many sessions of the database have waited for a lock for a moment. */
export async function untilBlocked({ postgres }: PostgresLab, count: number): Promise<void> {
  await until('sessions to be blocked', async () => {
    const [row] = await postgres.sql<{ n: number }>(
      'shop',
      `select count(*)::int as n from pg_locks where not granted and waitstart < now() - interval '300 ms'`,
    );
    return row?.n === count ? true : undefined;
  });
}

/** Begins a transaction that takes a lock and is then left alone. Answers its backend's pid. */
export async function abandon(client: pg.Client, account: string): Promise<number> {
  await client.query('begin');
  await client.query(`update accounts set balance = balance + 1 where name = '${account}'`);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await client.query(`select 'kept to itself' as secret`);
  return rows[0]?.pid ?? 0;
}

/** Starts an update that will wait; its end, well or not, is the answer. */
export function update(client: pg.Client, account: string): Promise<'Done' | 'Failed'> {
  return client
    .query(`update accounts set balance = balance + 42.5 where name = '${account}'`)
    .then(() => 'Done' as const)
    .catch(() => 'Failed' as const);
}
