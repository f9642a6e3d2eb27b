import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { noBlockingQueries } from '../../../../skills/postgres/checks.ts';
import { probe } from '../../../../skills/postgres/probe.ts';
import { activity, ago, contextOf, failure, type Script, session, wait } from './fixtures.ts';

async function told(script: Script, more: JsonObject = {}): Promise<readonly string[]> {
  const { findings } = await probe(contextOf(script, more));
  return findings.filter(({ severity }) => severity !== 'Info').map(({ kind, severity }) => `${kind} ${severity}`);
}

const chain = activity({
  waits: [wait(2, [1], 60), wait(3, [2, 1], 30), wait(4, [3], 10)],
  sessions: [
    session(1, { state: 'idle in transaction', application: 'reports', query: `select 'secret'` }),
    session(2),
    session(3),
    session(4, { application: 'payments' }),
  ],
});

it('tells who uses the database, by the names of their sessions', async () => {
  const { peers } = await probe(contextOf({ activity: activity({}) }));
  expect(peers).toEqual([{ name: 'settlement', role: 'Caller', by: 'Connections', source: 'pg_stat_activity' }]);
});

describe('a blocking chain', () => {
  it('is told by its root, with all that wait for it', async () => {
    const { findings } = await probe(contextOf({ activity: chain }, { applicationNames: ['reports'] }));
    const [found] = findings;
    expect(found).toMatchObject({
      id: 'shop/code:postgres.BlockingChain:1@2026-11-20T09:36:40.000007Z',
      kind: 'postgres.BlockingChain',
      severity: 'Critical',
      summary:
        'backend 1 of reports (user shop), idle in transaction (open for 100 s), blocks 3 sessions, the longest for 60 s',
      since: '2026-11-20T10:58:40.000Z',
      value: 3,
      facts: {
        backendStart: '2026-11-20T09:36:40.000007Z',
        transactionStart: '2026-11-20T10:58:20.000007Z',
        ownSession: true,
        idleSeconds: 80,
        query: 'select ?',
        blocksDirectly: 2,
        blockedApplications: ['payments', 'settlement'],
        waitingSince: '2026-11-20T10:59:00.000007Z',
      },
    });
    expect(findings.filter(({ kind }) => /IdleInTransaction|LongTransaction/.test(kind))).toEqual([]);
  });

  it('of an active root begins with the wait or its statement, not with its transaction', async () => {
    const sessions = [session(1, { xact_start: ago(9000), query_start: ago(40) }), session(2)];
    const { findings } = await probe(contextOf({ activity: activity({ waits: [wait(2, [1], 20)], sessions }) }));
    expect(findings[0]?.since).toBe('2026-11-20T10:59:20.000Z');
  });

  it('does not count while nobody has waited long enough', async () => {
    const sessions = [session(1, { query_start: ago(0.5) }), session(2)];
    const brief = { activity: activity({ waits: [wait(2, [1], 4)], sessions }) };
    expect(await told(brief)).toEqual([]);
    expect(await told(brief, { blockedSeconds: 3 })).toEqual(['postgres.BlockingChain Critical']);
  });

  it('of a prepared transaction, or of a session that is hidden, is told without one', async () => {
    const { findings } = await probe(
      contextOf({ activity: activity({ waits: [wait(2, [0], 20), wait(3, [9], 30)] }) }),
    );
    expect(findings.slice(0, 2).map(({ summary, facts }) => [summary, facts?.['prepared']])).toEqual([
      ['a prepared transaction blocks 1 session, the longest for 20 s', true],
      ['backend 9, of which nothing may be seen, blocks 1 session, the longest for 30 s', false],
    ]);
  });

  it('fails the check, and its absence passes it', async () => {
    const failed = await noBlockingQueries.run({ ...contextOf({ activity: chain }), thresholds: {} });
    expect(failed).toMatchObject({ verdict: 'Fail', value: 3, threshold: 0 });
    expect(failed.summary).toBe('3 sessions are blocked for up to 60 s, most of all by reports (user shop)');
    const passed = await noBlockingQueries.run({ ...contextOf({}), thresholds: {} });
    expect(passed).toMatchObject({ verdict: 'Pass', value: 0 });
  });
});

describe('connections and transactions', () => {
  const clients = [
    { application: 'payments', user: 'shop', state: 'idle', count: 30 },
    { application: 'payments', user: 'shop', state: 'idle in transaction', count: 25 },
    { application: '', user: 'cron', state: 'active', count: 30 },
  ];

  it('are saturated from the threshold on, and critically when none is left', async () => {
    const { findings } = await probe(contextOf({ activity: activity({ clients, saturatedSince: ago(600) }) }));
    expect(findings[0]).toMatchObject({
      kind: 'postgres.ConnectionsSaturated',
      severity: 'Warning',
      since: '2026-11-20T10:50:00.000Z',
      value: 85,
      threshold: 80,
      facts: {
        free: 12,
        applications: [{ name: 'payments (user shop)', count: 55, idleInTransaction: 25 }, { count: 30 }],
      },
    });
    const full = { activity: activity({ clients, maxConnections: 88 }) };
    expect(await told(full)).toEqual(['postgres.ConnectionsSaturated Critical']);
    expect(await told({ activity: activity({ clients, maxConnections: 110 }) })).toEqual([]);
  });

  it('are long or idle by program, and those of other databases are none of this one', async () => {
    const sessions = [
      session(1, { state: 'idle in transaction', state_change: ago(90) }),
      session(2, { state: 'idle in transaction', state_change: ago(61) }),
      session(3, { state: 'idle in transaction', state_change: ago(59), application: 'payments' }),
      session(4, { xact_start: ago(301), application: 'batch' }),
      session(5, { xact_start: ago(999), application: 'elsewhere', database: 'other' }),
    ];
    const { findings } = await probe(contextOf({ activity: activity({ sessions }) }));
    expect(findings.map(({ kind, summary }) => `${kind} ${summary}`).slice(0, 2)).toEqual([
      'postgres.IdleInTransaction 2 sessions of settlement (user shop) are idle in a transaction, the longest for 90 s',
      'postgres.LongTransaction 1 session of batch (user shop) is in a transaction, the longest for 301 s',
    ]);
  });
});

describe('statements that have not ended', () => {
  const slow = async (more: JsonObject, parameters: JsonObject = {}) => {
    const { findings } = await probe(contextOf({ activity: activity(more) }, parameters));
    return findings.filter(({ kind }) => kind === 'postgres.SlowQueries');
  };

  it('are slow from the threshold on, one finding for all calls of one', async () => {
    const sessions = [
      session(1),
      session(2, { query_start: ago(20) }),
      session(3, { query: 'select 3', query_start: ago(0.5) }),
    ];
    expect(await slow({ sessions })).toMatchObject([
      { since: '2026-11-20T10:58:30.000Z', value: 90_000, threshold: 1000, unit: 'ms', facts: { calls: 2 } },
    ]);
    expect(await slow({ sessions }, { slowQueryMilliseconds: 100_000 })).toEqual([]);
  });

  it('are none of another database, of an idle session, or of one that waits for a lock', async () => {
    const sessions = [session(1, { database: 'other' }), session(2, { state: 'idle in transaction' }), session(3)];
    expect(await slow({ sessions, waits: [wait(3, [2], 2)] })).toEqual([]);
  });
});

describe('two readings', () => {
  const statement = (id: string, calls: number, ms: number): JsonObject => ({ id, calls, ms, query: `select ${id}` });

  it('tell what was slow in between, not what ever was', async () => {
    const before = { statements: [statement('1', 10, 90_000), statement('2', 5, 10), statement('4', 9, 9)] };
    const after = {
      statements: [
        statement('1', 10, 90_000),
        statement('2', 7, 4010),
        statement('3', 1, 3000),
        statement('4', 2, 5000),
      ],
    };
    const { findings } = await probe(contextOf({ statements: [before, after] }));
    expect(
      findings
        .filter(({ kind }) => kind === 'postgres.SlowQueries')
        .map(({ value, facts }) => [facts?.['queryId'], value]),
    ).toEqual([
      ['2', 2000],
      ['3', 3000],
    ]);
  });

  it('tell deadlocks that came in between', async () => {
    const counters = [
      { at: ago(2), deadlocks: 3 },
      { at: ago(0), deadlocks: 5 },
    ];
    const { findings } = await probe(contextOf({ counters }));
    expect(findings.find(({ kind }) => kind === 'postgres.DeadlocksGrowing')).toMatchObject({
      value: 60,
      since: '2026-11-20T10:59:58.000Z',
    });
  });

  it('are different questions, as equal ones may be answered as one', async () => {
    const asked: string[] = [];
    const context = contextOf({});
    const tools = {
      call: (tool: string, args: JsonObject, signal: AbortSignal) => {
        asked.push(JSON.stringify(args));
        return context.tools.call(tool, args, signal);
      },
    };
    await probe({ ...context, tools });
    expect([asked.length, new Set(asked).size]).toEqual([8, 8]);
  });

  it('that fail cost a gap each, and nothing is made up from one alone', async () => {
    const { findings, gaps } = await probe(
      contextOf({
        activity: chain,
        counters: [failure('42501')],
        statements: [{ statements: [] }, failure('42501')],
      }),
    );
    expect(gaps.map(({ what }) => what)).toEqual(['deadlocks', 'slow queries']);
    expect(findings.map(({ kind }) => kind)).toEqual(['postgres.BlockingChain', 'postgres.DatabaseSize']);
  });

  it('are not asked of statements where the extension is missing', async () => {
    const { gaps } = await probe(contextOf({ activity: activity({ statements: 0, hidden: 2 }), statements: [] }));
    expect(gaps.map(({ what }) => what)).toEqual(['sessions of other roles', 'slow queries']);
  });
});

describe('a server that lets nobody in', () => {
  it('is a finding where it says why, and Unknown where it does not', async () => {
    expect(await told({ activity: failure('53300') })).toEqual(['postgres.ConnectionsSaturated Critical']);
    expect(await told({ activity: failure('ECONNREFUSED') })).toEqual(['postgres.Unreachable Critical']);
    expect(await told({ activity: failure('57P03') })).toEqual(['postgres.Unreachable Critical']);
    for (const code of ['28P01', 'ENOTFOUND', 'HostRefused', '57014']) {
      await expect(told({ activity: failure(code) })).rejects.toMatchObject({ code });
    }
  });
});

it('the same answers give the same result', async () => {
  const look = (): Promise<unknown> => probe(contextOf({ activity: chain }));
  expect(await look()).toEqual(await look());
});
