import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type Postgres } from './postgres.ts';

const { signal } = new AbortController();
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-postgres-'));
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, signal, progress: () => undefined, maxConnections: 12 });
});

afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('it listens on loopback TCP only, with the connections that were asked for', async () => {
  const rows = await postgres.sql(
    'postgres',
    "select name, setting from pg_settings where name in ('listen_addresses', 'max_connections', 'unix_socket_directories') order by name",
  );
  expect(rows.map((row) => row['setting'])).toEqual(['127.0.0.1', '12', '']);
});

test('a role owns its database, and cannot enter with another password', async () => {
  const login = await postgres.createRole('shop', "it's @ secret/", ['pg_monitor']);
  const url = await postgres.createDatabase('shop data', login);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table orders(id int primary key)');
  const answer = await client.query("select current_user, pg_has_role('pg_monitor', 'member') as monitors");
  await client.end();
  expect(answer.rows).toEqual([{ current_user: 'shop', monitors: true }]);
  const intruder = new pg.Client({ connectionString: postgres.url('shop data', { user: 'shop', password: 'wrong' }) });
  await expect(intruder.connect()).rejects.toMatchObject({ code: '28P01' });
});

test('pg_stat_statements counts, and pg_blocking_pids names who holds the lock', async () => {
  const url = await postgres.createDatabase('locks');
  await postgres.sql('locks', 'create table t(id int); insert into t values (1)');
  const [holder, waiter] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  await Promise.all([holder.connect(), waiter.connect()]);
  await holder.query('begin; lock table t');
  const waiting = waiter.query('select count(*) from t');
  const blockers = await blockedBy(postgres);
  const [pid] = (await holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  expect(blockers).toEqual([pid?.pid]);
  await holder.query('rollback');
  expect((await waiting).rows).toEqual([{ count: '1' }]);
  await Promise.all([holder.end(), waiter.end()]);
  const counted = await postgres.sql(
    'locks',
    "select calls from pg_stat_statements where query = 'select count(*) from t'",
  );
  expect(counted).toEqual([{ calls: '1' }]);
});

test('a role made twice has the second password', async () => {
  await postgres.createRole('twice', 'one');
  const login = await postgres.createRole('twice', 'two');
  const client = new pg.Client({ connectionString: postgres.url('postgres', login) });
  await client.connect();
  await client.end();
  expect(login).toEqual({ user: 'twice', password: 'two' });
});

async function blockedBy(server: Postgres): Promise<number[]> {
  const text = "select pg_blocking_pids(pid) as pids from pg_stat_activity where wait_event_type = 'Lock'";
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [row] = await server.sql<{ pids: number[] }>('locks', text);
    if (row !== undefined) return row.pids;
  }
  return [];
}
