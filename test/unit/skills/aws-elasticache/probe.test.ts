import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/aws-elasticache/probe.ts';
import { skill } from '../../../../skills/aws-elasticache/skill.ts';
import { skill as redis } from '../../../../skills/redis/skill.ts';
import { failed, fakeTools, probeContext } from '../lib/fake-tools.ts';

const info = { used_memory: 1000, maxmemory: 0, maxmemory_policy: 'noeviction', connected_clients: 5, maxclients: 100 };
const cluster = {
  CacheClusterId: 'carts-001',
  CacheClusterStatus: 'available',
  CacheNodeType: 'cache.t4g.small',
  EngineVersion: '7.1',
  CacheParameterGroup: { CacheParameterGroupName: 'carts', ParameterApplyStatus: 'in-sync' },
  CacheNodes: [{ Endpoint: { Address: 'carts-001.cache.test', Port: 6390 } }],
};
const group = {
  ReplicationGroupId: 'carts',
  Status: 'available',
  TransitEncryptionEnabled: true,
  NodeGroups: [
    {
      PrimaryEndpoint: { Address: 'carts.cache.test', Port: 6379 },
      NodeGroupMembers: [
        { CacheClusterId: 'carts-002', CurrentRole: 'replica' },
        { CacheClusterId: 'carts-001', CurrentRole: 'primary' },
      ],
    },
  ],
};

interface Script {
  readonly cluster?: JsonObject | Error;
  readonly group?: JsonObject;
  readonly events?: Readonly<Record<string, Json>>;
  readonly cpu?: readonly number[];
  readonly parameters?: readonly JsonObject[];
  readonly info?: JsonObject | Error;
}

async function look(script: Script, more: JsonObject = { cacheClusterId: 'carts-001' }) {
  const asked: JsonObject[] = [];
  const tools = fakeTools({
    'describe-cache-clusters': () => {
      const given = script.cluster ?? cluster;
      return given instanceof Error ? given : { CacheClusters: [given] };
    },
    'describe-replication-groups': () => ({ ReplicationGroups: [script.group ?? group] }),
    'describe-events': ({ source_type: type }) => ({ Events: script.events?.[String(type as string)] ?? [] }),
    get_metric_data: ({ metric_name: name }) => ({
      metricDataResults: [{ datapoints: name === 'EngineCPUUtilization' ? points(script.cpu ?? []) : [] }],
    }),
    threehops_get_cache_parameters: () => ({ parameters: script.parameters ?? [] }),
    info: (args) => (asked.push(args), script.info ?? info),
    client_list: () => [],
    threehops_slowlog: () => [],
  });
  const result = await probe(probeContext(tools, more));
  return { ...result, asked, calls: tools.calls };
}

function points(values: readonly number[]): Json {
  return values.map((value, index) => ({ timestamp: `2026-11-20T10:0${index}:00Z`, value }));
}

describe('a cluster', () => {
  it('that is well tells what it is, and is looked into where ElastiCache says it is', async () => {
    const { findings, gaps, changes, asked, identity } = await look({});
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['aws-elasticache.Cluster', 'Info'],
      ['redis.EvictionPolicy', 'Info'],
    ]);
    expect([gaps, changes, identity]).toEqual([[], [], 'elasticache:carts-001']);
    expect(asked[0]).toMatchObject({ connection: { host: 'carts-001.cache.test', port: 6390 } });
  });

  it('that is being replaced is not available, one that is being modified is', async () => {
    const status = async (CacheClusterStatus: string) =>
      (await look({ cluster: { ...cluster, CacheClusterStatus } })).findings.map(({ kind }) => kind);
    expect(await status('rebooting cluster nodes')).toContain('aws-elasticache.NotAvailable');
    expect(await status('modifying')).not.toContain('aws-elasticache.NotAvailable');
  });

  it('whose one thread has no time left says since when, against its limit', async () => {
    const { findings, series } = await look({ cpu: [20, 30, 95, 97, 99] });
    expect(findings[0]).toMatchObject({
      kind: 'aws-elasticache.EngineCpuSaturated',
      since: '2026-11-20T10:02:00.000Z',
      value: 99,
      threshold: 90,
      summary: "the engine's thread uses 99 % of its processor, 25 % before",
    });
    expect(series[0]?.points).toHaveLength(5);
    expect((await look({ cpu: [20, 95, 97] })).findings[0]?.kind).toBe('aws-elasticache.Cluster');
  });

  it('is known by either view alone, and by neither not at all', async () => {
    const outside = await look({ info: failed('info', 'WRONGPASS') });
    expect(outside.gaps.map(({ what }) => what)).toEqual(['the Redis within']);
    expect(outside.findings.map(({ kind }) => kind)).toEqual(['aws-elasticache.Cluster']);
    const named = { cacheClusterId: 'carts-001', host: 'carts.test' };
    const within = await look({ cluster: failed('describe', 'AccessDenied') }, named);
    expect(within.gaps.map(({ what }) => what)).toEqual(['the control plane']);
    expect(within.findings.map(({ kind }) => kind)).toEqual(['redis.EvictionPolicy']);
    const neither = look({ cluster: failed('describe', 'AccessDenied'), info: failed('info', 'WRONGPASS') }, named);
    await expect(neither).rejects.toMatchObject({ code: 'WRONGPASS' });
  });
});

describe('a parameter that is not as it is by default', () => {
  const parameters = [
    { name: 'maxmemory-samples', value: '3', default: '3' },
    { name: 'reserved-memory-percent', value: '75', default: '25' },
  ];

  it('is told with its default, and since when where the group was changed in the window', async () => {
    const { findings } = await look({ parameters });
    expect(findings[0]).toMatchObject({
      kind: 'aws-elasticache.ParametersSet',
      severity: 'Info',
      value: 1,
      summary: 'carts is not as its family is by default: reserved-memory-percent 75 (default 25)',
      facts: { parameterGroup: 'carts', parameters: [parameters[1]] },
    });
    expect(findings[0]?.since).toBeUndefined();
    const event = { Date: '2026-11-20T10:10:00Z', Message: 'Updated', SourceIdentifier: 'carts' };
    const recently = await look({ parameters, events: { 'cache-parameter-group': [event] } });
    expect(recently.findings[0]?.since).toBe('2026-11-20T10:10:00.000Z');
  });
});

describe('a replication group', () => {
  it('is seen by its primary, at its own address; its failover is told, and all that was done to it is a change', async () => {
    const event = (at: string, message: string) => ({ Date: at, Message: message, SourceIdentifier: 'carts' });
    const failover = event('2026-11-20T10:20:00Z', 'Failover to replica node carts-001 completed');
    const parameter = event('2026-11-20T10:10:00Z', 'Updated parameter maxmemory-policy to noeviction');
    const { findings, changes, asked } = await look(
      { events: { 'replication-group': [failover], 'cache-parameter-group': [parameter] } },
      { replicationGroupId: 'carts' },
    );
    expect(findings[0]).toMatchObject({
      kind: 'aws-elasticache.FailedOver',
      since: '2026-11-20T10:20:00.000Z',
      value: 1,
    });
    expect(changes.map(({ kind, at, summary }) => [kind, at, summary])).toEqual([
      ['Configuration', '2026-11-20T10:10:00.000Z', 'carts: Updated parameter maxmemory-policy to noeviction'],
      ['Configuration', '2026-11-20T10:20:00.000Z', 'carts: Failover to replica node carts-001 completed'],
    ]);
    expect(asked[0]).toMatchObject({ connection: { host: 'carts.cache.test', port: 6379, tls: true } });
  });

  it('that the server answers an error for is a gap', async () => {
    const tools = fakeTools({
      'describe-replication-groups': () => ({ error: 'ReplicationGroup carts not found.' }),
      info: () => info,
      client_list: () => [],
      threehops_slowlog: () => [],
    });
    const { gaps } = await probe(probeContext(tools, { replicationGroupId: 'carts', host: 'carts.test' }));
    expect(gaps).toMatchObject([{ what: 'the control plane', reason: 'ReplicationGroup carts not found.' }]);
  });
});

it('a map that names the Redis alone needs no AWS, and means what the skill redis means by it', async () => {
  const { calls, findings } = await look({}, { host: 'carts.test' });
  expect(new Set(calls)).toEqual(new Set(['info', 'client_list', 'threehops_slowlog']));
  expect(findings.map(({ kind }) => kind)).toEqual(['redis.EvictionPolicy']);
  expect(skill.identity({ url: 'rediss://Cache.test' })).toBe(redis.identity({ host: 'cache.test', port: 6379 }));
});

it('of a group with several shards it says that only the first one was looked at', async () => {
  const [shard] = group.NodeGroups;
  const sharded = { ...group, NodeGroups: [shard, shard, shard] } as unknown as JsonObject;
  const { gaps } = await look({ group: sharded }, { replicationGroupId: 'carts' });
  expect(gaps).toMatchObject([{ what: 'other shards', reason: '2 were not looked at, only the first one was' }]);
});
