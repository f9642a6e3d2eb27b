import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as elasticache from '@aws-sdk/client-elasticache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { probe } from '../../../skills/aws-elasticache/probe.ts';
import { server } from '../../../skills/aws-elasticache/server/server.ts';
import { server as metricsServer } from '../../../skills/cloudwatch/server/server.ts';
import { metricTool } from '../../../skills/lib/metric-call.ts';
import { redisReadTools } from '../../../skills/lib/redis/info.ts';
import { server as redisServer } from '../../../skills/redis/server/server.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { startElastiCache } from '../../lab/elasticache/endpoint.ts';
import {
  awslabsEnvironment,
  databaseMcpServersVenv,
  mcpServersMs,
  mcpServersVenv,
} from '../../lab/parts/mcp-servers.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';
import { type Redis, startRedis } from '../../lab/parts/redis.ts';
import { overMcp, routed } from './over-mcp.ts';
import { stdioTools } from './stdio-tools.ts';

const end = new AbortController();
const { signal } = end;
const folder = mkdtempSync(join(tmpdir(), 'threehops-third-party-elasticache-'));
const contestants = new Map<string, HarnessTools>();
let moto: Moto;
let redis: Redis;

/** AWS' view of a cache by awslabs' servers, and the Redis within by redis-mcp-server. */
beforeAll(async () => {
  const options = { signal, progress: console.error };
  const [aws, databases] = [await mcpServersVenv(options), await databaseMcpServersVenv(options)];
  const part = { ...options, dataDir: folder };
  [moto, redis] = await Promise.all([startMoto(part), startRedis(part)]);
  const endpoint = await startElastiCache({ motoUrl: moto.url, redis, signal });
  await fill(new elasticache.ElastiCacheClient({ ...moto.clientConfig, endpoint }));
  const env = awslabsEnvironment(folder, { ...moto.env, AWS_ENDPOINT_URL_ELASTICACHE: endpoint });
  const calls: string[] = [];
  const start = (id: string, { tools: contract }: typeof server | typeof metricsServer) =>
    stdioTools({ id, command: aws.bin(`awslabs.${id}`), env, contract, calls });
  const command = databases.bin('redis-mcp-server');
  const [caches, metrics, within] = await Promise.all([
    start('elasticache-mcp-server', server),
    start('cloudwatch-mcp-server', metricsServer),
    stdioTools({ id: 'redis', command, args: ['--url', redis.url], env: {}, contract: redisServer.tools, calls }),
  ]);
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const endpoints = { elasticache: endpoint };
  contestants.set('ours', toolsFor(server, { region: moto.region, endpoint: moto.url, endpoints }, credentials));
  contestants.set('awslabs', routed(redisReadTools, within, routed([metricTool], metrics, caches)));
}, mcpServersMs);

afterAll(async () => {
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  end.abort();
  await Promise.all([moto?.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const parameters = { CacheParameterGroupName: 'carts-parameters' };

/** A cluster whose parameters somebody has changed, and a group of two. */
async function fill(client: elasticache.ElastiCacheClient): Promise<void> {
  const of = { CacheNodeType: 'cache.t4g.micro', Engine: 'redis' };
  const group = { ...parameters, CacheParameterGroupFamily: 'redis7', Description: 'of the shop' };
  await client.send(new elasticache.CreateCacheParameterGroupCommand(group));
  const cluster = { ...of, ...parameters, CacheClusterId: 'carts', NumCacheNodes: 1, EngineVersion: '7.1' };
  await client.send(new elasticache.CreateCacheClusterCommand(cluster));
  const sessions = { ...of, ReplicationGroupId: 'sessions', ReplicationGroupDescription: 'of the shop' };
  await client.send(new elasticache.CreateReplicationGroupCommand({ ...sessions, NumCacheClusters: 2 }));
  const ParameterNameValues = [{ ParameterName: 'maxmemory-policy', ParameterValue: 'noeviction' }];
  await client.send(new elasticache.ModifyCacheParameterGroupCommand({ ...parameters, ParameterNameValues }));
  client.destroy();
}

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

function look(name: string, more: JsonObject = { cacheClusterId: 'carts' }): Promise<ProbeResult> {
  const node = { id: 'shop/cache', name: 'cache', type: 'cache', with: { sampleSeconds: 0.1, ...more } };
  const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 1000) };
  return overMcp(toolsOf(name), (tools) => probe({ node, tools, clock: systemClock, window, signal }));
}

/** What tools of ours tell that they do not offer is a gap then. */
const ourOwn = ['parameters', 'slow commands'];
const ourOwnFinding = 'aws-elasticache.ParametersSet';

describe.each(['ours', 'awslabs'])('the ElastiCache server of %s', (name) => {
  it('lets the skill find what the cache is, what was done to it, and the Redis within at its address', async () => {
    const { findings, changes, gaps } = await look(name);
    const told = findings.filter(({ kind }) => kind !== ourOwnFinding);
    expect(told.map(({ kind }) => kind)).toEqual(['aws-elasticache.Cluster', 'redis.EvictionPolicy']);
    expect(told[0]?.facts).toMatchObject({ nodeType: 'cache.t4g.micro', parameterGroup: 'carts-parameters' });
    expect(told[1]?.facts).toMatchObject({ policy: 'noeviction' });
    expect(changes.map(({ summary }) => summary)).toEqual([
      'carts: Cache cluster created',
      'carts-parameters: Updated parameter maxmemory-policy to noeviction',
    ]);
    expect(gaps.map(({ what }) => what)).toEqual(name === 'ours' ? [] : ourOwn);
  });

  it('lets it say that there is no such cache, and look at the Redis all the same', async () => {
    const { gaps, findings } = await look(name, { cacheClusterId: 'nothing', host: redis.host, port: redis.port });
    expect(gaps[0]).toMatchObject({ what: 'the control plane', reason: expect.stringContaining('not found') });
    expect(findings.map(({ kind }) => kind)).toEqual(['redis.EvictionPolicy']);
  });

  it('describes groups in the words of ElastiCache', async () => {
    const asked = { replication_group_id: 'sessions' };
    expect(await toolsOf(name).call('describe-replication-groups', asked, signal)).toMatchObject({
      ReplicationGroups: [{ ReplicationGroupId: 'sessions', Status: 'available', MemberClusters: expect.any(Array) }],
    });
  });
});

it('both let the skill find the same', async () => {
  const ours = await look('ours');
  const { findings, changes } = await look('awslabs');
  const offered = ours.findings.filter(({ kind }) => kind !== ourOwnFinding);
  expect({ findings, changes }).toEqual({ findings: offered, changes: ours.changes });
});
