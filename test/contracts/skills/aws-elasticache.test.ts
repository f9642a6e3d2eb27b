import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateCacheClusterCommand,
  CreateCacheParameterGroupCommand,
  CreateReplicationGroupCommand,
  DescribeCacheParametersCommand,
  ElastiCacheClient,
  ModifyCacheParameterGroupCommand,
} from '@aws-sdk/client-elasticache';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { setMaxmemoryPolicy as action } from '../../../skills/aws-elasticache/actions/set-maxmemory-policy.ts';
import { probe } from '../../../skills/aws-elasticache/probe.ts';
import { server } from '../../../skills/aws-elasticache/server/server.ts';
import type { ActionContext, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { startElastiCache } from '../../lab/elasticache/endpoint.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';
import { type Redis, startRedis } from '../../lab/parts/redis.ts';

/** ElastiCache's control plane by moto and the lab's endpoint, before a real Redis. */

const end = new AbortController();
const { signal } = end;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-elasticache-'));
const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
let moto: Moto;
let redis: Redis;
/** Of the server that is looked at: metrics are moto's own. */
let settings: JsonObject;
let elastiCache: ElastiCacheClient;
let tools: HarnessTools;

beforeAll(async () => {
  const part = { dataDir, signal, progress: () => undefined };
  [moto, redis] = await Promise.all([startMoto(part), startRedis(part)]);
  const endpoint = await startElastiCache({ motoUrl: moto.url, redis, signal });
  settings = { region: moto.region, endpoint: moto.url, endpoints: { elasticache: endpoint } };
  tools = toolsFor(server, settings, credentials);
  elastiCache = new ElastiCacheClient({ ...moto.clientConfig, endpoint });
  await elastiCache.send(
    new CreateCacheParameterGroupCommand({
      CacheParameterGroupName: 'carts-parameters',
      CacheParameterGroupFamily: 'redis7',
      Description: 'of the shop',
    }),
  );
  await elastiCache.send(
    new CreateCacheClusterCommand({
      CacheClusterId: 'carts',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      EngineVersion: '7.1',
      CacheParameterGroupName: 'carts-parameters',
      NumCacheNodes: 1,
    }),
  );
  await elastiCache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'sessions',
      ReplicationGroupDescription: 'of the shop',
      CacheNodeType: 'cache.t4g.small',
      Engine: 'redis',
      NumCacheClusters: 2,
    }),
  );
});
afterAll(async () => {
  await tools?.close();
  end.abort();
  await Promise.all([moto?.stop(), redis?.stop()]);
  rmSync(dataDir, { recursive: true, force: true });
});

function context(parameters: JsonObject, by: HarnessTools = tools): ProbeContext {
  const address = { host: redis.host, port: redis.port, sampleSeconds: 0.1 };
  const node = { id: 'shop/cache', name: 'cache', type: 'cache', with: { ...address, ...parameters } };
  const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 1000) };
  return { node, tools: by, clock: systemClock, window, signal };
}

it('a cluster is seen from outside and from within, with its metrics', async () => {
  const cloudwatch = new CloudWatchClient(moto.clientConfig);
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: 'AWS/ElastiCache',
      MetricData: [1, 2, 3].map((minutes) => ({
        MetricName: 'EngineCPUUtilization',
        Dimensions: [{ Name: 'CacheClusterId', Value: 'carts' }],
        Timestamp: new Date(Date.now() - minutes * 60_000),
        Value: 97,
        Unit: 'Percent' as const,
      })),
    }),
  );
  const { findings, series, gaps, identity } = await probe(context({ cacheClusterId: 'carts' }));
  expect(findings.map(({ kind }) => kind)).toEqual([
    'aws-elasticache.EngineCpuSaturated',
    'aws-elasticache.Cluster',
    'redis.EvictionPolicy',
  ]);
  expect(findings[1]?.facts).toMatchObject({ nodeType: 'cache.t4g.micro', engineVersion: '7.1' });
  expect(series.map(({ name }) => name)).toEqual(['EngineCPUUtilization', 'memory', 'clients', 'commands']);
  expect(gaps).toEqual([]);
  expect(identity).toBe(`redis:127.0.0.1:${redis.port}`);
});

it('the describing tools answer as those of the awslabs server', async () => {
  const clusters = await tools.call(
    'describe-cache-clusters',
    { cache_cluster_id: 'carts', show_cache_node_info: true },
    signal,
  );
  expect(clusters).toMatchObject({ CacheClusters: [{ CacheClusterId: 'carts', CacheClusterStatus: 'available' }] });
  const groups = await tools.call('describe-replication-groups', { replication_group_id: 'sessions' }, signal);
  expect(groups).toMatchObject({ ReplicationGroups: [{ ReplicationGroupId: 'sessions', Status: 'available' }] });
  await expect(tools.call('describe-cache-clusters', { cache_cluster_id: 'nobody' }, signal)).rejects.toMatchObject({
    name: 'ToolFailed',
  });
});

it('a Redis alone needs neither region nor keys of AWS', async () => {
  await using plain = toolsFor(server, {}, {});
  const { findings } = await probe(context({}, plain));
  expect(findings.map(({ kind }) => kind)).toEqual(['redis.EvictionPolicy']);
  await expect(plain.call('describe-cache-clusters', {}, signal)).rejects.toMatchObject({ code: 'RegionMissing' });
});

it('an endpoint that the dialer refuses is not reached', async () => {
  const elsewhere = { region: moto.region, endpoint: 'http://169.254.169.254' };
  await using refused = toolsFor(server, elsewhere, credentials);
  await expect(refused.call('describe-events', {}, signal)).rejects.toMatchObject({ code: 'HostRefused' });
});

async function setPolicy(policy: string): Promise<void> {
  const ParameterNameValues = [{ ParameterName: 'maxmemory-policy', ParameterValue: policy }];
  const change = { CacheParameterGroupName: 'carts-parameters', ParameterNameValues };
  await elastiCache.send(new ModifyCacheParameterGroupCommand(change));
}

async function policyNow(): Promise<string | undefined> {
  const group = { CacheParameterGroupName: 'carts-parameters' };
  const { Parameters = [] } = await elastiCache.send(new DescribeCacheParametersCommand(group));
  return Parameters.find(({ ParameterName }) => ParameterName === 'maxmemory-policy')?.ParameterValue;
}

it('the policy of a parameter group is set once, taken back, and left alone in accounts that are not allowed', async () => {
  await setPolicy('noeviction');
  const writing = (allowedAccounts: string[]): HarnessTools =>
    toolsFor(server, { ...settings, allowedAccounts }, credentials, { access: 'ReadWrite' });
  const acting = (by: HarnessTools): ActionContext => {
    const { node, clock } = context({ cacheClusterId: 'carts' });
    return { node, tools: by, clock, signal, manifestPaths: [], readFile: () => Promise.resolve(undefined) };
  };
  await using allowed = writing([moto.accountId]);
  await using foreign = writing(['999999999999']);
  const { frozen } = await action.render(acting(allowed), { policy: 'volatile-lru' });
  await expect(action.execute?.(acting(foreign), frozen, '')).rejects.toMatchObject({ code: 'AccountNotAllowed' });
  expect(await policyNow()).toBe('noeviction');
  expect(await action.probe?.(acting(allowed), frozen, '')).toMatchObject({ verdict: 'Absent' });
  const evidence = (await action.execute?.(acting(allowed), frozen, '')) ?? {};
  expect(await policyNow()).toBe('volatile-lru');
  const { findings } = await probe(context({ cacheClusterId: 'carts' }, allowed));
  expect(findings.at(-1)).toMatchObject({ kind: 'redis.EvictionPolicy', facts: { policy: 'volatile-lru' } });
  expect(await action.settled?.(acting(allowed), frozen, evidence)).toMatchObject({ state: 'Settled' });
  await action.execute?.(acting(allowed), action.rollback?.(frozen, evidence) ?? {}, '');
  expect(await policyNow()).toBe('noeviction');
  await setPolicy('allkeys-lfu');
  await expect(action.execute?.(acting(allowed), frozen, '')).rejects.toMatchObject({ code: 'ParameterChanged' });
});

it('a parameter that was set is told with its default and since when', async () => {
  await setPolicy('noeviction');
  const { findings } = await probe(context({ cacheClusterId: 'carts' }));
  const set = findings.find(({ kind }) => kind === 'aws-elasticache.ParametersSet');
  expect(set?.facts).toMatchObject({
    parameters: [{ name: 'maxmemory-policy', value: 'noeviction', default: 'volatile-lru' }],
  });
  expect(Date.parse(set?.since ?? '')).toBeGreaterThan(Date.now() - 60_000);
});
