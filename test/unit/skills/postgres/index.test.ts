import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { checkOf } from '../../../../controller/mcp/schema.ts';
import { createIndex } from '../../../../skills/postgres/actions/create-index.ts';
import { createMissingIndex } from '../../../../skills/postgres/index-remedies.ts';
import { filteredScans } from '../../../../skills/postgres/plan.ts';
import { probe } from '../../../../skills/postgres/probe.ts';
import { actionContext } from '../lib/fake-tools.ts';
import { activity, ago, contextOf, type Script, scripted, session, target } from './fixtures.ts';

const sql = 'select id from payments where reference = $1';
const plan = `Seq Scan on payments  (cost=0.00..27000.00 rows=1 width=8)\n  Filter: (reference = $1)`;

function shape(indexes: readonly (readonly string[])[] = []): JsonObject {
  return {
    schema: 'public',
    table: 'payments',
    rows: 900_000,
    bytes: 60_000_000,
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'reference', type: 'text' },
    ],
    indexes: indexes.map((columns, at) => ({ name: `i${at}`, columns: [...columns], partial: false })),
  };
}

const scans = (count: number, read: number): JsonObject => ({
  tables: [{ schema: 'public', table: 'payments', scans: count, read, rows: 900_000 }],
});
const statement = (calls: number, ms: number): JsonObject => ({ statements: [{ id: '7', calls, ms, query: sql }] });

const dropped: Script = {
  scans: [scans(10, 9_000_000), scans(14, 12_600_000)],
  statements: [statement(2000, 1000), statement(2004, 2200)],
  shapes: { tables: [shape([['id']])] },
  plan,
};

async function told(script: Script, more: JsonObject = {}) {
  const { findings } = await probe(contextOf(script, more));
  return findings.filter(({ severity }) => severity !== 'Info');
}

describe('a missing index', () => {
  it('is told by table and columns, beside the statement that is slower than its own normal', async () => {
    const found = await told(dropped);
    expect(found.map(({ kind, value, threshold }) => [kind, value, threshold])).toEqual([
      ['postgres.SlowQueries', 300, 1.5],
      ['postgres.MissingIndex', 900_000, 10_000],
    ]);
    expect(found[0]?.summary).toBe(`4 calls just now took 300 ms each, 0.5 ms over the 2000 calls before: ${sql}`);
    expect(found[1]?.facts).toMatchObject({ schema: 'public', table: 'payments', columns: ['reference'], scans: 4 });
  });

  it('is not told of an index that is there, a small table, a scan that nobody makes, or a plan that is none', async () => {
    const kinds = async (script: Script): Promise<readonly string[]> => (await told(script)).map(({ kind }) => kind);
    const none = ['postgres.SlowQueries'];
    expect(await kinds({ ...dropped, shapes: { tables: [shape([['reference', 'id']])] } })).toEqual(none);
    expect(await kinds({ ...dropped, scans: [scans(10, 100), scans(14, 140)] })).toEqual(none);
    expect(await kinds({ ...dropped, scans: [scans(10, 9_000_000), scans(10, 9_000_000)] })).toEqual(none);
    expect(await kinds({ ...dropped, plan: 'Error: permission denied' })).toEqual(none);
    expect(await kinds({ ...dropped, plan: plan.replace('rows=1 ', 'rows=450000 ') })).toEqual(none);
  });

  it('is created by the remedy, with more hope where the service counts on it', async () => {
    const fixes = async (more: JsonObject) => {
      const context = contextOf(dropped, more);
      const { findings } = await probe(context);
      return createMissingIndex.propose({ node: context.node, findings, changes: [], series: [] });
    };
    const parameters = { schema: 'public', table: 'payments', columns: ['reference'] };
    const expectedSchema = { payments: { indexes: [['reference']] } };
    expect(await fixes({})).toMatchObject([{ action: 'postgres.create-index', parameters, fitness: 0.8 }]);
    expect(await fixes({ expectedSchema })).toMatchObject([{ parameters, fitness: 0.95 }]);
    expect(checkOf(createIndex.parameters)(parameters)).toBeUndefined();
  });
});

describe('the columns of a plan', () => {
  const columnsOf = (filter: string, before = 'Parallel Seq Scan on payments p  (cost=0.00..1.00)') =>
    filteredScans(`Gather\n  ->  ${before}\n        Filter: ${filter}`).map(({ columns }) => columns);

  it.each([
    ['(reference = $1)', [['reference']]],
    ['((status)::text = $1)', [['status']]],
    ['((amount > $1) AND (reference = $2) AND (day < $3))', [['reference', 'amount']]],
    ['("Odd Name" = 1)', [['Odd Name']]],
    ['((reference = $1) OR (id = $2))', []],
    ['(lower(reference) = $1)', []],
    ['(NOT reconciled)', []],
  ])('%s', (filter, columns) => {
    expect(columnsOf(filter)).toEqual(columns);
  });

  it("are read from postgres-mcp's words too", () => {
    expect(columnsOf('(reference = $1)', 'Seq Scan (Cost: 0.00..4116.88) on payments [Rows: 1]')).toEqual([
      ['reference'],
    ]);
  });

  it.each([
    ['Seq Scan on payments  (cost=0.00..27000.00 rows=12 width=8)', 12],
    ['Seq Scan (Cost: 0.00..4116.88) on payments [Rows: 34]', 34],
    ['Seq Scan on payments', undefined],
  ])('and with them how many rows %s leaves', (scan, rows) => {
    expect(filteredScans(`${scan}\n  Filter: (reference = $1)`)).toMatchObject([{ table: 'payments', rows }]);
  });
});

describe('schema drift', () => {
  it('names what is missing, and is worse where a statement must fail', async () => {
    const drift = async (payments: JsonObject) =>
      (await told({ shapes: { tables: [shape([['id']])] } }, { expectedSchema: { payments } })).map((one) => [
        one.severity,
        one.summary.split(': ')[1],
      ]);
    expect(await drift({ columns: { id: 'bigint', reference: '' }, indexes: [['id']] })).toEqual([]);
    expect(await drift({ columns: { merchant: 'text' }, indexes: [['merchant']] })).toEqual([
      ['Critical', 'column merchant is missing'],
    ]);
    expect(await drift({ columns: { id: 'integer' }, indexes: [['reference']] })).toEqual([
      ['Warning', 'column id is bigint and not integer; no index on reference'],
    ]);
    const absent = await told({}, { expectedSchema: { 'sales.orders': {} } });
    expect(absent).toMatchObject([
      { severity: 'Critical', summary: 'sales.orders is not as expected: the table is missing' },
    ]);
  });
});

describe('the upkeep', () => {
  it('tells a replica that is behind, ids that run out and a slot that nobody reads', async () => {
    const upkeep = {
      frozenAge: 2_000_000_000,
      replicas: [
        { name: 'b', state: 'streaming', seconds: 95, bytes: 3_145_728 },
        { name: 'c', state: 'streaming', seconds: null, bytes: 0 },
      ],
      idleSlots: [{ name: 'old', status: 'extended', since: ago(900) }],
    };
    const found = await told({ upkeep });
    expect(found.map(({ kind, severity, value }) => [kind, severity, value])).toEqual([
      ['postgres.ReplicationLag', 'Warning', 95],
      ['postgres.WraparoundNear', 'Critical', 93.3],
      ['postgres.LogRetained', 'Warning', 1],
    ]);
    expect(found[2]?.since).toBe('2026-11-20T10:45:00.000Z');
  });

  it('says how busy the own pools are where the map says how large', async () => {
    const clients = (state: string) => [{ application: 'api', user: 'shop', state, count: 5 }];
    const pool = { poolSize: 5, applicationNames: ['api'] };
    const sessions = [9, 40, 3, 20, 30].map((age, pid) =>
      session(pid, { application: 'api', xact_start: ago(age), query_start: ago(0) }),
    );
    expect(await told({ activity: activity({ clients: clients('active'), sessions }) }, pool)).toMatchObject([
      { kind: 'postgres.PoolSaturated', value: 100, since: '2026-11-20T10:59:51.000Z' },
    ]);
    expect(await told({ activity: activity({ clients: clients('idle') }) }, pool)).toEqual([]);
  });
});

describe('creating an index', () => {
  const parameters = { schema: 'public', table: 'payments', columns: ['reference'] };
  const acting = (script: Script) => {
    const tools = scripted(script);
    return { context: actionContext(tools, target, {}), written: tools.written };
  };

  it('is gated, planned with the plan as it is now, made by name, and dropped again by its oid', async () => {
    expect(createIndex.gate).toBe('SchemaChange');
    const { context, written } = acting({ ...dropped, index: [] });
    const rendered = await createIndex.render(context, parameters);
    expect(rendered.diff).toContain('- to find rows by reference: Seq Scan on payments');
    expect(rendered.diff).toContain(
      '+ create index concurrently payments_reference_idx on public.payments (reference)',
    );
    expect(await createIndex.unchanged?.(context, rendered)).toBe(true);
    expect(await createIndex.probe?.(context, rendered.frozen, 'a')).toMatchObject({ verdict: 'Absent' });
    await createIndex.execute?.(context, rendered.frozen, 'a');
    const back = createIndex.rollback?.(rendered.frozen, { oid: 42 }) ?? {};
    await createIndex.execute?.(context, back, 'a');
    expect(written).toMatchObject([{ name: 'payments_reference_idx', columns: ['reference'] }, { oid: 42 }]);
  });

  it('is refused where it makes no sense', async () => {
    const refusal = (script: Script) => createIndex.render(acting(script).context, parameters);
    await expect(refusal({ shapes: { tables: [] } })).rejects.toMatchObject({ code: 'NoSuchTable' });
    const there = { shapes: { tables: [shape([['reference']])] } };
    await expect(refusal(there)).rejects.toMatchObject({ code: 'IndexThere' });
    const taken = { ...dropped, index: [{ oid: 1, valid: true, building: false, table: 'other' }] };
    await expect(refusal(taken)).rejects.toMatchObject({ code: 'NameTaken' });
  });

  it.each([
    [true, false, 'Happened', 'Settled'],
    [false, true, 'Happened', 'Progressing'],
    [false, false, 'Absent', 'Failed'],
  ])('valid %s and building %s is %s and %s', async (valid, building, verdict, state) => {
    const { context } = acting({ index: [{ oid: 9, valid, building, table: 'payments' }] });
    expect((await createIndex.probe?.(context, parameters, 'a'))?.verdict).toBe(verdict);
    expect((await createIndex.settled?.(context, parameters, {}))?.state).toBe(state);
  });

  it('that looks abandoned is looked at again: a build has ended a moment before its index is seen to be valid', async () => {
    const index = { oid: 9, valid: false, building: false, table: 'payments' };
    const { context } = acting({ index: [index, { ...index, valid: true }] });
    expect((await createIndex.settled?.(context, parameters, {}))?.state).toBe('Settled');
  });
});
