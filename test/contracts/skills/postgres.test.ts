import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { listOf, textOf } from '../../../skills/lib/reading.ts';
import { cancelBackend } from '../../../skills/postgres/actions/cancel-backend.ts';
import { createIndex } from '../../../skills/postgres/actions/create-index.ts';
import { terminateBackend } from '../../../skills/postgres/actions/terminate-backend.ts';
import { noBlockingQueries } from '../../../skills/postgres/checks.ts';
import { probe } from '../../../skills/postgres/probe.ts';
import { remedies } from '../../../skills/postgres/remedies.ts';
import { server } from '../../../skills/postgres/server/server.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { until } from '../../lab/parts/process.ts';
import {
  abandon,
  actionContext,
  neverAborted,
  type PostgresLab,
  probeContext,
  startPostgresLab,
  untilBlocked,
  update,
} from './postgres-lab.ts';

let lab: PostgresLab;
let reader: HarnessTools;
let operator: HarnessTools;
beforeAll(async () => {
  lab = await startPostgresLab();
  reader = lab.tools('Read');
  operator = lab.tools('ReadWrite', 'operator');
});
afterEach(() => lab.disconnect());
afterAll(async () => {
  await reader?.close();
  await operator?.close();
  await lab?.close();
});

function sql(text: string, tools = reader): Promise<unknown> {
  const { host, port, database } = lab.with;
  return tools.call('execute_sql', { sql: text, connection: { host, port, database } as JsonObject }, neverAborted);
}

describe('a healthy database', () => {
  it('has no finding but its size, and passes the check', async () => {
    const result = await probe(probeContext(lab, reader));
    expect(result.findings.map(({ kind, severity }) => [kind, severity])).toEqual([['postgres.DatabaseSize', 'Info']]);
    expect(result.gaps).toEqual([]);
    expect(result.identity).toBe(`postgres:127.0.0.1:${lab.postgres.port}/shop`);
    expect(result.series[0]?.points[0]?.[1]).toBeGreaterThanOrEqual(0);
    const check = await noBlockingQueries.run({ ...probeContext(lab, reader), thresholds: {} });
    expect(check).toMatchObject({ verdict: 'Pass', value: 0, threshold: 0 });
  });

  it('says what a role without pg_monitor cannot see', async () => {
    await lab.client('somebody');
    await using tools = lab.tools('Read', 'nobody');
    const { gaps } = await probe(probeContext(lab, tools));
    expect(gaps.map(({ what }) => what)).toContain('sessions of other roles');
  });
});

describe('an abandoned transaction that holds a lock', () => {
  it('is found with all who wait, ended by the remedy, and the waiting go on', async () => {
    const [holder, first, second] = await Promise.all([
      lab.client('reports'),
      lab.client('settlement'),
      lab.client('settlement'),
    ]);
    const pid = await abandon(holder, 'merchant');
    const waiting = [update(first, 'merchant'), update(second, 'merchant')];
    await untilBlocked(lab, 2);

    const context = probeContext(lab, reader, { applicationNames: ['settlement'] });
    const { findings, changes, series } = await probe(context);
    const found = findings.find(({ kind }) => kind === 'postgres.BlockingChain');
    expect(found).toMatchObject({ severity: 'Critical', value: 2, threshold: 0, unit: 'blocked sessions' });
    expect(found?.facts).toMatchObject({
      pid,
      applicationName: 'reports',
      ownSession: false,
      state: 'idle in transaction',
      query: 'select ? as secret',
      blocks: 2,
      blockedApplications: ['settlement'],
    });
    expect(Date.parse(found?.since ?? '')).toBeLessThanOrEqual(Date.now());
    expect(JSON.stringify(findings)).not.toContain('kept to itself');
    expect(await noBlockingQueries.run({ ...context, thresholds: {} })).toMatchObject({ verdict: 'Fail', value: 2 });

    const fixes = remedies.flatMap((remedy) =>
      remedy.propose({ node: context.node, findings, changes, series }).map((fix) => ({ ...fix, cause: remedy.cause })),
    );
    expect(fixes).toMatchObject([
      { cause: 'postgres.AbandonedTransaction', action: 'postgres.terminate-backend', fitness: 0.9 },
    ]);
    const acting = actionContext(lab, operator);
    const rendered = await terminateBackend.render(acting, fixes[0]?.parameters ?? {});
    expect(rendered.diff).toContain('blocks: 1 directly, 2 in all (settlement)');
    expect(await terminateBackend.unchanged?.(acting, rendered)).toBe(true);
    expect((await terminateBackend.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Absent');

    const evidence = (await terminateBackend.execute?.(acting, rendered.frozen, 'a')) ?? {};
    await until('the backend to be gone', async () => {
      const settlement = await terminateBackend.settled?.(acting, rendered.frozen, evidence);
      return settlement?.state === 'Settled' ? true : undefined;
    });
    expect((await terminateBackend.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Happened');
    expect(await terminateBackend.unchanged?.(acting, rendered)).toBe(false);
    expect(await Promise.all(waiting)).toEqual(['Done', 'Done']);
    const rows = await lab.postgres.sql('shop', `select balance::float8 as b from accounts where name = 'merchant'`);
    expect(rows).toEqual([{ b: 85 }]);
    const after = await probe(probeContext(lab, reader));
    expect(after.findings.map(({ kind }) => kind)).not.toContain('postgres.BlockingChain');
    await expect(terminateBackend.render(acting, fixes[0]?.parameters ?? {})).rejects.toMatchObject({
      code: 'NotBlocking',
    });
  });

  it('is not ended under another start, in another transaction, or without the right to', async () => {
    const [holder, waiter] = await Promise.all([lab.client('reports'), lab.client('settlement')]);
    const pid = await abandon(holder, 'fees');
    const waiting = update(waiter, 'fees');
    await untilBlocked(lab, 1);
    const { findings } = await probe(probeContext(lab, reader));
    const facts = findings.find(({ kind }) => kind === 'postgres.BlockingChain')?.facts ?? {};
    const { host, port, database } = lab.with;
    const connection = { host, port, database } as JsonObject;
    const backendStart = textOf(facts['backendStart']) ?? '';
    const end = (args: JsonObject, tools = operator): Promise<unknown> =>
      tools.call('threehops_terminate_backend', { pid, backendStart, connection, ...args }, neverAborted);

    const earlier = backendStart.replace(/\d(?=Z$)/, (digit) => String((Number(digit) + 1) % 10));
    expect(await end({ backendStart: earlier })).toEqual({ outcome: 'Gone' });
    await expect(end({ transactionStart: earlier })).rejects.toMatchObject({ code: 'TransactionChanged' });
    await using powerless = lab.tools('ReadWrite', 'reader');
    await expect(end({}, powerless)).rejects.toMatchObject({ code: '42501', outcome: 'NotDone' });
    await using blind = lab.tools('ReadWrite', 'nobody');
    await expect(end({}, blind)).rejects.toMatchObject({ code: 'BackendHidden' });
    await expect(end({}, reader)).rejects.toMatchObject({ name: 'ToolRefused' });
    await holder.query('rollback');
    expect(await waiting).toBe('Done');
  });
});

describe('what else it finds', () => {
  it('tells who takes the connections, also when none is left', async () => {
    const begun = Date.now();
    await Promise.all(Array.from({ length: 17 }, () => lab.client('leaky')));
    const saturated = await probe(probeContext(lab, reader, { maxConnectionsPercent: 60 }));
    const found = saturated.findings.find(({ kind }) => kind === 'postgres.ConnectionsSaturated');
    expect(found?.facts).toMatchObject({ maxConnections: 24 });
    expect(Date.parse(found?.since ?? '')).toBeGreaterThanOrEqual(begun);
    expect(listOf(found?.facts?.['applications'])[0]).toMatchObject({ applicationName: 'leaky', count: 17, idle: 17 });
    // Superusers have places of their own: fill all others.
    for (let open = true; open;)
      open = await lab.client('leaky').then(
        () => true,
        () => false,
      );
    await using late = lab.tools('Read');
    const refused = await probe(probeContext(lab, late));
    expect(refused.findings).toMatchObject([{ kind: 'postgres.ConnectionsSaturated', severity: 'Critical' }]);
    expect(refused.gaps).toHaveLength(1);
  });

  it('tells idle and long transactions, and statements that are slow now', async () => {
    const [idle, busy] = await Promise.all([lab.client('idler'), lab.client('batch')]);
    await idle.query('begin; select 1');
    const slow = Promise.allSettled(Array.from({ length: 8 }, () => busy.query('select pg_sleep(0.25)')));
    const thresholds = { idleInTransactionSeconds: 0, longTransactionSeconds: 0, slowQueryMilliseconds: 200 };
    const { findings } = await probe(probeContext(lab, reader, { ...thresholds, sampleSeconds: 1 }));
    const told = findings.map(({ kind, summary }) => `${kind} ${summary}`).join('\n');
    expect(told).toMatch(/postgres\.IdleInTransaction 1 session of idler \(user shop\) is idle in a transaction/);
    expect(told).toMatch(/postgres\.LongTransaction 1 session of batch/);
    expect(told).toMatch(/postgres\.SlowQueries \d calls just now took \d{3} ms each: select pg_sleep/);
    await slow;
  });

  it('tells deadlocks while they happen', async () => {
    const [one, other] = await Promise.all([lab.client('a'), lab.client('b')]);
    const looking = probe(probeContext(lab, reader, { sampleSeconds: 6 }));
    await one.query('begin');
    await other.query('begin');
    await update(one, 'merchant');
    await update(other, 'fees');
    const ends = await Promise.all([update(one, 'fees'), update(other, 'merchant')]);
    expect(ends.toSorted()).toEqual(['Done', 'Failed']);
    // A backend hands its counters over at the latest when it ends.
    await lab.disconnect();
    const { findings } = await looking;
    expect(findings.find(({ kind }) => kind === 'postgres.DeadlocksGrowing')?.facts).toMatchObject({ count: 1 });
  });
});

describe('a large table without an index', () => {
  it('is found by scans and plan, gets its index while it is read, and loses it again', async () => {
    await lab.postgres.sql(
      'shop',
      `create table payments (id bigserial primary key, reference text);
       alter table payments owner to shop; grant select on payments to reader; grant shop to operator;
       insert into payments (reference) select 'r' || n from generate_series(1, 50000) n; analyze payments`,
    );
    const app = await lab.client('app');
    const expectedSchema = { payments: { columns: { id: 'bigint', reference: 'text' }, indexes: [['reference']] } };
    const context = probeContext(lab, reader, { sampleSeconds: 2, expectedSchema });
    let asking = true;
    const asked = (async () => {
      while (asking) await app.query('select id from payments where reference = $1', ['none']);
    })();
    // Counters of a busy backend are handed over about once a second.
    const { findings, gaps } = await probe(context);
    asking = false;
    await asked;
    expect(gaps).toEqual([]);
    expect(findings.find(({ kind }) => kind === 'postgres.MissingIndex')?.facts).toMatchObject({
      schema: 'public',
      table: 'payments',
      columns: ['reference'],
    });
    expect(findings.find(({ kind }) => kind === 'postgres.SchemaDrift')).toMatchObject({ severity: 'Warning' });

    const acting = actionContext(lab, operator);
    const parameters = { schema: 'public', table: 'payments', columns: ['reference'] };
    const rendered = await createIndex.render(acting, parameters);
    expect(rendered.diff).toMatch(/find rows by reference: (-> +)?Seq Scan on payments/);
    expect((await createIndex.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Absent');
    const evidence = (await createIndex.execute?.(acting, rendered.frozen, 'a')) ?? {};
    await until('the index', async () => {
      const settlement = await createIndex.settled?.(acting, rendered.frozen, evidence);
      return settlement?.state === 'Settled' ? true : undefined;
    });
    expect((await createIndex.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Happened');
    await expect(createIndex.render(acting, parameters)).rejects.toMatchObject({ code: 'IndexThere' });
    expect(await createIndex.execute?.(acting, rendered.frozen, 'a')).toMatchObject({ outcome: 'There' });
    const after = await probe(probeContext(lab, reader, { expectedSchema }));
    expect(after.findings.map(({ kind }) => kind)).not.toContain('postgres.SchemaDrift');

    const back = createIndex.rollback?.(rendered.frozen, evidence) ?? {};
    expect(await createIndex.execute?.(acting, back, 'a')).toEqual({ outcome: 'Dropped' });
    expect((await createIndex.settled?.(acting, back, {}))?.state).toBe('Settled');
    await expect(createIndex.execute?.(actionContext(lab, reader), rendered.frozen, 'a')).rejects.toMatchObject({
      name: 'ToolRefused',
    });
  });
});

describe('a statement that goes on and on', () => {
  it('is cancelled, and its connection stays', async () => {
    const [reporter, waiter] = await Promise.all([lab.client('reports'), lab.client('settlement')]);
    // It has the lock before anybody else asks for it.
    await reporter.query('begin');
    await reporter.query('lock table accounts in share mode');
    const ended = reporter.query('select pg_sleep(60)').catch((error: { code?: string }) => error.code);
    const waiting = update(waiter, 'fees');
    await untilBlocked(lab, 1);
    const context = probeContext(lab, reader);
    const { findings } = await probe(context);
    const [fix] = remedies.flatMap((remedy) =>
      remedy.propose({ node: context.node, findings, changes: [], series: [] }),
    );
    expect(fix?.action).toBe('postgres.cancel-backend');
    const acting = actionContext(lab, operator);
    const rendered = await cancelBackend.render(acting, fix?.parameters ?? {});
    expect((await cancelBackend.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Absent');
    const earlier = { ...rendered.frozen, queryStart: '2026-01-01T00:00:00.000000Z' };
    await expect(cancelBackend.execute?.(acting, earlier, 'a')).rejects.toMatchObject({ code: 'StatementChanged' });
    await cancelBackend.execute?.(acting, rendered.frozen, 'a');
    expect([await ended, await waiting]).toEqual(['57014', 'Done']);
    expect((await cancelBackend.probe?.(acting, rendered.frozen, 'a'))?.verdict).toBe('Happened');
    await reporter.query('rollback');
    expect((await reporter.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('execute_sql', () => {
  it('runs queries and nothing that does anything', async () => {
    expect(await sql('select 1 as one, now() is not null as now')).toEqual([{ one: 1, now: true }]);
    expect(await sql('show default_transaction_read_only')).toHaveLength(1);
    expect(await sql('explain (format json) select count(*) from pg_class')).toHaveLength(1);
    const refused: readonly (readonly [code: string, sql: string])[] = [
      ['FunctionNotAllowed', 'select pg_terminate_backend(1)'],
      ['FunctionNotAllowed', 'select pg_catalog . "pg_terminate_backend" (1)'],
      ['FunctionNotAllowed', 'select/**/pg_sleep/* */(1)'],
      ['FunctionNotAllowed', `select 'a' -- \r, pg_sleep(1)`],
      ['StatementNotAllowed', `select /* /* */ ' */ , pg_sleep(1) --'`],
      ['FunctionNotAllowed', `select $a$ $b$ $a$, pg_sleep(1)`],
      ['StatementNotAllowed', `select u&"pg_sl\\0065ep"(1)`],
      ['StatementNotAllowed', `select 1; drop table accounts`],
      ['StatementNotAllowed', 'commit'],
      ['StatementNotAllowed', `do $$ begin perform 1; end $$`],
      ['0A000', 'with gone as (delete from accounts returning 1) select * from gone'],
      ['StatementNotAllowed', 'select * into copy from accounts'],
      ['StatementNotAllowed', 'select * from accounts for update'],
      ['StatementNotAllowed', 'explain analyze select 1'],
      ['StatementNotAllowed', 'explain (analyze) select 1'],
      ['FunctionNotAllowed', `select query_to_xml('select 1', true, true, '')`],
      ['FunctionNotAllowed', `select shop.count(1)`],
      ['StatementNotAllowed', 'insert into accounts values (1)'],
    ];
    for (const [code, text] of refused) {
      await expect(sql(text)).rejects.toMatchObject({ name: 'ToolFailed', code, outcome: 'NotDone' });
    }
    expect(await lab.postgres.sql('shop', 'select count(*)::int as n from accounts')).toEqual([{ n: 2 }]);
  });

  it('is stopped by its timeout, and says which error it was', async () => {
    await expect(sql('select nothing from accounts')).rejects.toMatchObject({ code: '42703' });
    const heavy = 'select count(*) from generate_series(1, 100000000) a, generate_series(1, 1000) b';
    await using hasty = toolsFor(
      server,
      { statementTimeoutMs: 200 },
      { username: 'reader', password: 'reader-password' },
    );
    await expect(sql(heavy, hasty)).rejects.toMatchObject({ code: '57014' });
  });

  it("reads with the Secret's url alone, and goes nowhere without an address or a login", async () => {
    const url = lab.postgres.url('shop', { user: 'reader', password: 'reader-password' });
    await using byUrl = toolsFor(server, {}, { url });
    const rows = await byUrl.call('execute_sql', { sql: 'select current_database() as d' }, neverAborted);
    expect(rows).toEqual([{ d: 'shop' }]);
    await using none = toolsFor(server, {}, {});
    await expect(none.call('execute_sql', { sql: 'select 1' }, neverAborted)).rejects.toMatchObject({
      code: 'AddressMissing',
    });
    await expect(sql('select 1', none)).rejects.toMatchObject({ code: 'CredentialsMissing' });
  });
});

describe('the other tools of the contract', () => {
  it('report on health, top queries and plans', async () => {
    const { host, port, database } = lab.with;
    const connection = { host, port, database } as JsonObject;
    const health = await reader.call('analyze_db_health', { connection }, neverAborted);
    expect(health).toMatch(/index:[\s\S]*connection:[\s\S]*constraint:/);
    const top = await reader.call('get_top_queries', { sort_by: 'total_time', limit: 3, connection }, neverAborted);
    expect(top).toHaveLength(3);
    const plan = await reader.call('explain_query', { sql: 'select * from pg_class', connection }, neverAborted);
    expect(plan).toMatch(/^Seq Scan on pg_class/);
    const generic = { sql: 'select * from pg_class where relname = $1', connection };
    expect(await reader.call('explain_query', generic, neverAborted)).toMatch(/relname = \$1/);
  });
});
