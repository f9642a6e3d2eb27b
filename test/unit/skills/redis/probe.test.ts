import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/lib/redis/look.ts';
import { parseInfoText } from '../../../../skills/lib/server/redis/info.ts';
import { fakeTools, failed, probeContext, window } from '../lib/fake-tools.ts';

const well = {
  used_memory: 1000,
  maxmemory: 0,
  maxmemory_policy: 'allkeys-lru',
  connected_clients: 5,
  maxclients: 100,
  blocked_clients: 0,
  uptime_in_seconds: 500,
  role: 'master',
};

interface Script {
  readonly infos?: readonly (JsonObject | Error)[];
  readonly clients?: Json | Error;
  readonly slow?: Json | Error;
}

async function look({ infos = [well, well], clients = [], slow = [] }: Script, more: JsonObject = {}) {
  const left = [...infos];
  const tools = fakeTools({
    info: ({ reading }) => (reading === infos.length - left.length + 1 ? left.shift() : undefined),
    client_list: () => clients,
    threehops_slowlog: () => slow,
  });
  return probe(probeContext(tools, { host: 'cache.test', ...more }));
}

async function told(script: Script, more: JsonObject = {}): Promise<readonly string[]> {
  const { findings } = await look(script, more);
  return findings
    .filter(({ severity }) => severity !== 'Info')
    .map(({ kind, severity, value, unit }) => `${kind.slice('redis.'.length)} ${severity} ${value} ${unit}`);
}

describe('what one look shows', () => {
  it.each([
    ['nothing', {}, []],
    [
      'memory that is nearly full',
      { maxmemory: 1100, maxmemory_policy: 'noeviction' },
      ['MemoryNearMax Warning 90.9 %'],
    ],
    ['nothing of memory that is full and evicts, as caches do', { maxmemory: 1000 }, []],
    [
      'memory that is full and has nothing to evict',
      { maxmemory: 1000, maxmemory_policy: 'volatile-lru', db0: { keys: 9, expires: 0 } },
      ['MemoryNearMax Critical 100 %'],
    ],
    [
      'memory that is full and does not',
      { maxmemory: 1000, maxmemory_policy: 'noeviction' },
      ['MemoryNearMax Critical 100 %'],
    ],
    ['clients', { connected_clients: 80 }, ['ConnectionsSaturated Warning 80 %']],
    ['all clients', { connected_clients: 100 }, ['ConnectionsSaturated Critical 100 %']],
    ['clients that wait', { blocked_clients: 101 }, ['BlockedClients Warning 101 clients']],
    ['loading', { loading: 1 }, ['Loading Critical 1 loading']],
    ['saving', { rdb_last_bgsave_status: 'err' }, ['PersistenceFailing Warning 1 failed saves']],
    [
      'a lost primary',
      { role: 'slave', master_link_status: 'down', master_link_down_since_seconds: 30 },
      ['ReplicationDown Critical 0 links up'],
    ],
  ] as const)('%s', async (_, state, expected) => {
    const info = { ...well, ...state };
    expect(await told({ infos: [info, info] })).toEqual(expected);
  });

  it('since when the primary is lost', async () => {
    const info = { ...well, master_link_status: 'down', master_link_down_since_seconds: 30 };
    const { findings } = await look({ infos: [info, info] });
    expect(findings.find(({ kind }) => kind === 'redis.ReplicationDown')?.since).toBe('2026-11-20T10:59:30.000Z');
  });
});

describe('what two looks show', () => {
  it('is what grew in between, not what ever was', async () => {
    const before = { ...well, evicted_keys: 900, rejected_connections: 7, errorstat_OOM: { count: 4 } };
    expect(await told({ infos: [before, before] })).toEqual([]);
    const after = { ...before, evicted_keys: 905, rejected_connections: 8, errorstat_OOM: { count: 6 } };
    expect((await told({ infos: [before, after] })).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'EvictionsGrowing Warning',
      'RejectedConnections Critical',
      'WritesRefused Critical',
    ]);
    const large = { ...before, db0: { keys: 9_000, expires: 0 }, server_time_usec: 1e15 };
    const aSecondLater = { ...large, evicted_keys: 905, server_time_usec: 1e15 + 1e6 };
    expect(await told({ infos: [large, aSecondLater] })).toEqual([]);
    const restarted = { ...after, uptime_in_seconds: 1 };
    expect(await told({ infos: [before, restarted] })).toEqual([]);
  });
});

describe('lookups', () => {
  const usual = { ...well, keyspace_hits: 900, keyspace_misses: 100 };
  const then = (hits: number, misses: number): JsonObject => ({
    ...usual,
    keyspace_hits: 900 + hits,
    keyspace_misses: 100 + misses,
  });

  it.each([
    ['that find half of what they usually do', then(8, 12), ['HitRatioLow Warning 40 %']],
    ['that find a little less', then(15, 5), []],
    ['that are few', then(0, 4), []],
  ] as const)('%s', async (_, after, expected) => {
    expect(await told({ infos: [usual, after] })).toEqual(expected);
  });

  it('that lack no more hits than chance allows', async () => {
    const half = { ...well, keyspace_hits: 500, keyspace_misses: 500 };
    const after = (hits: number, misses: number) => ({
      ...half,
      keyspace_hits: 500 + hits,
      keyspace_misses: 500 + misses,
    });
    expect(await told({ infos: [half, after(2, 8)] })).toEqual([]);
    expect(await told({ infos: [half, after(20, 80)] })).toEqual(['HitRatioLow Warning 20 %']);
  });

  it('are measured against a history, and by the share that the map gives', async () => {
    const young = { ...well, keyspace_hits: 50, keyspace_misses: 5 };
    expect(await told({ infos: [young, { ...young, keyspace_misses: 50 }] })).toEqual([]);
    expect(await told({ infos: [usual, then(8, 12)] }, { minHitPercent: 20 })).toEqual([]);
    const { findings } = await look({ infos: [usual, then(8, 12)] });
    expect(findings.find(({ kind }) => kind === 'redis.HitRatioLow')).toMatchObject({
      threshold: 45,
      since: window.to.toISOString(),
      facts: { hits: 8, misses: 12, usualPercent: 90 },
    });
  });
});

describe('clients and slow commands', () => {
  const clients = [{ name: 'shop', addr: '10.0.0.1:1' }, { addr: '10.0.0.2:1' }, { addr: '10.0.0.2:2', name: '' }];

  it.each([
    ['a list', clients],
    ['a list in an object', { result: clients }],
    ['lines', clients.map((client) => JSON.stringify(client)).join('\n')],
  ])('are read from %s', async (_, answer) => {
    const info = { ...well, connected_clients: 90 };
    const { findings } = await look({ infos: [info, info], clients: answer });
    expect(findings.find(({ kind }) => kind === 'redis.ConnectionsSaturated')?.facts).toMatchObject({
      applications: [
        { name: '10.0.0.2', count: 2 },
        { name: 'shop', count: 1 },
      ],
    });
  });

  it('that have a name are told as those who use it', async () => {
    const { peers } = await look({ infos: [well, well], clients });
    expect(peers).toEqual([{ name: 'shop', role: 'Caller', by: 'Connections', source: 'client_list' }]);
  });

  it('are as many as the threshold since the one that made them so', async () => {
    const info = { ...well, maxclients: 4, connected_clients: 4, blocked_clients: 2 };
    const ages = [500, 40, 300, 7];
    const aged = ages.map((age, index) => ({ age: String(age), idle: String(age / 2), flags: index < 2 ? 'b' : 'N' }));
    const thresholds = { maxClientsPercent: 75, maxBlockedClients: 1 };
    const { findings } = await look({ infos: [info, info], clients: aged }, thresholds);
    expect(findings.filter(({ severity }) => severity !== 'Info')).toMatchObject([
      { kind: 'redis.BlockedClients', since: '2026-11-20T10:59:40.000Z' },
      { kind: 'redis.ConnectionsSaturated', since: '2026-11-20T10:59:20.000Z' },
    ]);
  });

  it('count within the window alone', async () => {
    const at = (time: Date): number => time.getTime() / 1000;
    const entry = (time: number, microseconds: number): Json => ({
      time,
      microseconds,
      command: 'KEYS (1 arguments)',
      client: '',
    });
    const slow = [
      entry(at(window.from) - 1, 900_000),
      entry(at(window.from) + 5, 200_000),
      entry(at(window.to), 99_999),
    ];
    expect(await told({ slow })).toEqual(['SlowCommands Warning 200 ms']);
  });

  it('cost a gap where they cannot be had', async () => {
    const { gaps, findings } = await look({ clients: failed('client_list', 'NOPERM'), slow: failed('slow', 'NOPERM') });
    expect(gaps.map(({ what }) => what)).toEqual(['client list', 'slow commands']);
    expect(findings).toHaveLength(1);
  });
});

it('a server that says why it lets nobody in is a finding, others are Unknown', async () => {
  expect(await told({ infos: [failed('info', 'MaxClients')] })).toEqual([
    'RejectedConnections Critical 1 rejected connections',
  ]);
  expect(await told({ infos: [failed('info', 'ECONNREFUSED')] })).toEqual(['Unreachable Critical 0 servers answering']);
  await expect(told({ infos: [failed('info', 'WRONGPASS')] })).rejects.toMatchObject({ code: 'WRONGPASS' });
  await expect(told({ infos: [{ oops: 1 }] })).rejects.toThrow(TypeError);
});

it('INFO is parsed as redis-py does', () => {
  const text = '# Memory\r\nused_memory:12\r\nratio:1.50\r\nredis_version:7.0.15\r\ndb0:keys=3,expires=0\r\nempty:\r\n';
  expect(parseInfoText(text)).toEqual({
    used_memory: 12,
    ratio: 1.5,
    redis_version: '7.0.15',
    db0: { keys: 3, expires: 0 },
    empty: '',
  });
});

it('a policy that is not what the map says is told with both, and with what follows', async () => {
  const differs = async (maxMemoryPolicy: string) =>
    (await look({}, { maxMemoryPolicy })).findings.filter(({ kind }) => kind === 'redis.PolicyDiffers');
  expect(await differs('allkeys-lru')).toEqual([]);
  expect(await differs('noeviction')).toMatchObject([
    { severity: 'Info', value: 1, threshold: 0, facts: { policy: 'allkeys-lru', wanted: 'noeviction' } },
  ]);
});
