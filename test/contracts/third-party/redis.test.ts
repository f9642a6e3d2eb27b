import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { redisReadTools } from '../../../skills/lib/redis/info.ts';
import { probe } from '../../../skills/lib/redis/look.ts';
import { server } from '../../../skills/redis/server/server.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { databaseMcpServersVenv, mcpServersMs } from '../../lab/parts/mcp-servers.ts';
import { type Redis, startRedis } from '../../lab/parts/redis.ts';
import { overMcp } from './over-mcp.ts';
import { toolServerTools } from './stdio-tools.ts';

const signal = new AbortController().signal;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-third-party-redis-'));
const contestants = new Map<string, HarnessTools>();
const clients: { destroy(): void }[] = [];
let redis: Redis;

beforeAll(async () => {
  const venv = await databaseMcpServersVenv({ signal, progress: console.error });
  redis = await startRedis({ dataDir, signal, progress: console.error, config: { maxclients: '30' } });
  await fill();
  contestants.set('ours', toolsFor(server));
  const entry = {
    command: [venv.bin('redis-mcp-server'), '--url', redis.url],
    readOnly: [venv.folder, venv.installation],
    network: true,
  };
  contestants.set(
    'redis-mcp-server',
    await toolServerTools({ id: 'redis', entry, read: redisReadTools, contract: server.tools }),
  );
}, mcpServersMs);

afterAll(async () => {
  for (const client of clients) client.destroy();
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  await redis?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A server that is full and evicts nothing, and most of whose places one program has taken. */
async function fill(): Promise<void> {
  const connect = async (name: string) => {
    const client = createClient({ url: redis.url, name, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    clients.push(client);
    return client.connect();
  };
  const [admin] = await Promise.all(Array.from({ length: 24 }, () => connect('leaky')));
  await admin?.set('big', 'x'.repeat(3_000_000));
  await admin?.configSet('maxmemory', '2mb');
}

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

function look(name: string): Promise<ProbeResult> {
  const address: JsonObject = { host: redis.host, port: redis.port, sampleSeconds: 0.1 };
  const node = { id: 'shop/cache', name: 'cache', type: 'cache', with: address };
  const window = { from: new Date(Date.now() - 60_000), to: new Date() };
  return overMcp(toolsOf(name), (tools) => probe({ node, tools, clock: systemClock, window, signal }));
}

describe.each(['ours', 'redis-mcp-server'])('the Redis server %s', (name) => {
  it('lets the skill find that it is full and who takes the connections', async () => {
    const { findings, gaps, series } = await look(name);
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['redis.MemoryNearMax', 'Critical'],
      ['redis.EvictionPolicy', 'Info'],
      ['redis.ConnectionsSaturated', 'Warning'],
    ]);
    expect(Date.now() - Date.parse(findings[2]?.since ?? '')).toBeLessThan(60_000);
    const leaky = { name: 'leaky', count: 24 };
    expect(findings[2]?.facts).toMatchObject({ maxConnections: 30, applications: expect.arrayContaining([leaky]) });
    expect(series.map((one) => one.name)).toEqual(['memory', 'clients', 'commands']);
    // The slow log is an addition of ours: a server without it leaves that unseen, and it is said.
    expect(gaps.map(({ what }) => what)).toEqual(name === 'ours' ? [] : ['slow commands']);
  });

  it('answers INFO, clients and the number of keys', async () => {
    const connection = name === 'ours' ? { connection: { host: redis.host, port: redis.port } } : {};
    const call = (tool: string, args: JsonObject = {}) => toolsOf(name).call(tool, { ...args, ...connection }, signal);
    expect(await call('info', { section: 'memory' })).toMatchObject({
      maxmemory: 2 * 1024 * 1024,
      maxmemory_policy: 'noeviction',
      used_memory: expect.any(Number) as number,
    });
    expect(await call('dbsize')).toBe(1);
    expect(JSON.stringify(await call('client_list'))).toContain('leaky');
  });
});
