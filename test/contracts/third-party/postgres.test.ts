import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { probe } from '../../../skills/postgres/probe.ts';
import { server } from '../../../skills/postgres/server/server.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';
import { databaseMcpServersVenv, mcpServersMs } from '../../lab/parts/mcp-servers.ts';
import {
  abandon,
  neverAborted,
  type PostgresLab,
  probeContext,
  startPostgresLab,
  untilBlocked,
  update,
} from '../skills/postgres-lab.ts';
import { overMcp } from './over-mcp.ts';
import { stdioTools } from './stdio-tools.ts';

let lab: PostgresLab;
const contestants = new Map<string, HarnessTools>();

beforeAll(async () => {
  const venv = await databaseMcpServersVenv({ signal: neverAborted, progress: console.error });
  lab = await startPostgresLab();
  const url = lab.postgres.url('shop', { user: 'reader', password: 'reader-password' });
  const command = venv.bin('postgres-mcp');
  const args = ['--access-mode=restricted', url];
  contestants.set('ours', lab.tools('Read'));
  contestants.set(
    'postgres-mcp',
    await stdioTools({ id: 'postgres-mcp', command, args, env: {}, contract: server.tools }),
  );
}, mcpServersMs);

afterEach(() => lab.disconnect());
afterAll(async () => {
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  await lab?.close();
});

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

function look(name: string, more: JsonObject = {}): Promise<ProbeResult> {
  return overMcp(toolsOf(name), (tools) => probe({ ...probeContext(lab, toolsOf(name), more), tools }));
}

/** What the skill may have in answer to one of its queries. */
async function report(name: string, sql: string): Promise<unknown> {
  const { host, port, database } = lab.with;
  const connection = { host, port, database } as JsonObject;
  return toolsOf(name).call('execute_sql', { sql, connection }, neverAborted);
}

describe.each(['ours', 'postgres-mcp'])('the PostgreSQL server %s', (name) => {
  it('lets the skill find who holds up whom', async () => {
    const [holder, first, second] = await Promise.all([
      lab.client('reports'),
      lab.client('o\'neill \\ "&" ☕'),
      lab.client('settlement'),
    ]);
    const pid = await abandon(holder, 'merchant');
    const waiting = [update(first, 'merchant'), update(second, 'merchant')];
    await untilBlocked(lab, 2);
    const { findings } = await look(name);
    const found = findings.find(({ kind }) => kind === 'postgres.BlockingChain');
    expect(found).toMatchObject({ severity: 'Critical', value: 2, unit: 'blocked sessions' });
    expect(found?.facts).toMatchObject({ pid, applicationName: 'reports', state: 'idle in transaction', blocks: 2 });
    expect(found?.harms).toHaveLength(2);
    expect(found?.harms).toContain('settlement');
    expect(JSON.stringify(findings)).not.toContain('kept to itself');
    await holder.query('rollback');
    expect(await Promise.all(waiting)).toEqual(['Done', 'Done']);
  });

  it('lets it find who takes the connections, and idle transactions', async () => {
    const [idle] = await Promise.all(Array.from({ length: 12 }, () => lab.client('leaky')));
    await idle?.query('begin; select 1');
    const { findings, gaps } = await look(name, { maxConnectionsPercent: 40, idleInTransactionSeconds: 0 });
    expect(gaps).toEqual([]);
    const kinds = findings.map(({ kind }) => kind);
    expect(kinds).toEqual(['postgres.ConnectionsSaturated', 'postgres.IdleInTransaction', 'postgres.DatabaseSize']);
    expect(Date.now() - Date.parse(findings[0]?.since ?? '')).toBeLessThan(60_000);
    const leaky = { applicationName: 'leaky', count: 12, idle: 11, idleInTransaction: 1 };
    expect(findings[0]?.facts?.['applications']).toEqual(expect.arrayContaining([expect.objectContaining(leaky)]));
  });

  it('refuses what would write or end a backend', async () => {
    const refused = [
      "insert into accounts values ('x', 1)",
      'commit; create table t (a int)',
      'select pg_terminate_backend(1)',
    ];
    for (const sql of refused) {
      const answer = await report(name, sql).catch((error: unknown) => String(error));
      expect(JSON.stringify(answer)).toMatch(/not ?allowed|error/i);
    }
    const rows = await lab.postgres.sql('shop', 'select count(*)::int as n from accounts');
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('says the health of the database, and the plan of a query, in words', async () => {
    const { host, port, database } = lab.with;
    const connection = { host, port, database } as JsonObject;
    const health = await toolsOf(name).call(
      'analyze_db_health',
      { health_type: 'connection', connection },
      neverAborted,
    );
    expect(JSON.stringify(health)).toMatch(/connection/i);
    const plan = await toolsOf(name).call('explain_query', { sql: 'select * from pg_class', connection }, neverAborted);
    expect(JSON.stringify(plan)).toMatch(/Seq Scan/);
  });
});
