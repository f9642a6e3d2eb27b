import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { serverWell as wellBy } from '../../../skills/lib/redis/checks.ts';
import { probe } from '../../../skills/lib/redis/look.ts';
import { setMaxmemoryPolicy } from '../../../skills/redis/actions/set-maxmemory-policy.ts';
import { server } from '../../../skills/redis/server/server.ts';
import type { ActionContext, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { type Redis, startRedis } from '../../lab/parts/redis.ts';

const neverAborted = new AbortController().signal;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-redis-skill-'));
const password = 'it is a secret';
const serverWell = wellBy(probe);
const tools = toolsFor(server, {}, { password });
const clients: { destroy(): void }[] = [];
let redis: Redis;
beforeAll(async () => {
  const config = { maxclients: '30', 'slowlog-log-slower-than': '1000', requirepass: password };
  redis = await startRedis({ dataDir, signal: neverAborted, progress: () => undefined, config });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  const admin = await connect();
  for (const [name, value] of [
    ['maxmemory', '0'],
    ['maxclients', '30'],
    ['maxmemory-policy', 'noeviction'],
  ] as const) {
    await admin.configSet(name, value);
  }
  await admin.flushAll();
  admin.destroy();
  clients.pop();
});
afterAll(async () => {
  await tools.close();
  await redis?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function connect(name = 'tests') {
  const client = createClient({ url: redis.url, password, name, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

function context(more: JsonObject = {}, by: HarnessTools = tools): ProbeContext {
  const node = {
    id: 'shop/cache',
    name: 'cache',
    type: 'cache',
    with: { host: redis.host, port: redis.port, sampleSeconds: 0.1, ...more },
  };
  const window = { from: new Date(Date.now() - 1_000), to: new Date() };
  return { node, tools: by, clock: systemClock, window, signal: neverAborted };
}

/** Does something again and again, whether or not it succeeds, until the look is over. */
async function during(looking: Promise<unknown>, act: () => Promise<unknown>): Promise<void> {
  let over = false;
  const end = (): void => void (over = true);
  looking.then(end, end);
  while (!over) await act().catch(() => undefined);
}

async function found(kind: string, more: JsonObject = {}): Promise<Finding | undefined> {
  const { findings } = await probe(context(more));
  return findings.find((finding) => finding.kind === `redis.${kind}`);
}

describe('a server', () => {
  it('has nothing but its policy to tell while all is well, and leaves no connection behind', async () => {
    const admin = await connect();
    const { findings, gaps, series, identity } = await probe(context());
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([['redis.EvictionPolicy', 'Info']]);
    expect(gaps).toEqual([]);
    expect(series.map(({ name }) => name)).toEqual(['clients', 'commands']);
    expect(identity).toBe(`redis:127.0.0.1:${redis.port}`);
    expect(await serverWell.run({ ...context(), thresholds: {} })).toMatchObject({ verdict: 'Pass', value: 0 });
    expect(await admin.sendCommand(['CLIENT', 'LIST'])).not.toContain('name=threehops');
  });

  it('that is full and evicts nothing refuses writes', async () => {
    const admin = await connect();
    await admin.set('big', 'x'.repeat(2_000_000));
    await admin.configSet('maxmemory', '1mb');
    const looking = probe(context({ sampleSeconds: 0.3 }));
    await during(looking, () => admin.set('another', 'x'));
    const { findings } = await looking;
    const [full, refused] = ['redis.MemoryNearMax', 'redis.WritesRefused'].map((kind) =>
      findings.find((finding) => finding.kind === kind),
    );
    expect(full).toMatchObject({ severity: 'Critical', threshold: 90, facts: { policy: 'noeviction' } });
    expect(full?.value).toBeGreaterThanOrEqual(100);
    expect(refused).toMatchObject({ severity: 'Critical', facts: { errors: { OOM: expect.any(Number) } } });
    expect((await serverWell.run({ ...context(), thresholds: {} })).verdict).toBe('Fail');
  });

  it('that evicts tells how fast', async () => {
    const admin = await connect();
    await admin.configSet('maxmemory-policy', 'allkeys-lru');
    await admin.configSet('maxmemory', '2mb');
    const looking = found('EvictionsGrowing', { sampleSeconds: 0.3 });
    let written = 0;
    await during(looking, () => admin.set(`key-${written++}`, 'x'.repeat(100_000)));
    const evictions = await looking;
    expect(evictions).toMatchObject({ severity: 'Warning', unit: 'keys/s', facts: { policy: 'allkeys-lru' } });
    expect(evictions?.value).toBeGreaterThan(0);
  });

  it('tells whose connections they are, also when it takes no more', async () => {
    await Promise.all(Array.from({ length: 24 }, () => connect('leaky')));
    expect(await found('ConnectionsSaturated')).toMatchObject({
      severity: 'Warning',
      facts: {
        maxConnections: 30,
        applications: [
          { name: 'leaky', count: 24 },
          { name: 'threehops', count: 1 },
        ],
      },
    });
    const [last] = await Promise.all(Array.from({ length: 6 }, () => connect('leaky')));
    const { findings } = await probe(context());
    expect(findings).toMatchObject([{ kind: 'redis.RejectedConnections', severity: 'Critical' }]);
    last?.destroy();
  });

  it('tells slow commands by name, without keys and values, and clients that wait', async () => {
    const [admin, waiting] = await Promise.all([connect('reports'), connect()]);
    const blocked = waiting.blPop('nothing-comes', 0).catch(() => undefined);
    await admin.sendCommand([
      'EVAL',
      'local n = 0; for i = 1, 10000000 do n = n + i end; return ARGV[1]',
      '0',
      'token-1',
    ]);
    const slow = await found('SlowCommands', { slowCommandMilliseconds: 2 });
    expect(slow?.summary).toContain('EVAL (3 arguments)');
    expect(JSON.stringify(slow)).not.toContain('token-1');
    expect(await found('BlockedClients', { maxBlockedClients: 0 })).toMatchObject({
      value: 1,
      unit: 'clients',
      since: expect.any(String) as string,
    });
    waiting.destroy();
    await blocked;
  });
});

it('the other tools of the contract answer as redis-mcp-server does', async () => {
  const admin = await connect();
  await admin.set('one', '1');
  const connection = { host: redis.host, port: redis.port };
  expect(await tools.call('dbsize', { connection }, neverAborted)).toBe(1);
  expect(await tools.call('info', { section: 'keyspace', connection }, neverAborted)).toMatchObject({
    db0: { keys: 1, expires: 0 },
  });
});

it('is Unknown with a wrong password, a finding when nobody listens, and goes nowhere without an address', async () => {
  await using stranger = toolsFor(server, {}, { password: 'guess' });
  await expect(probe(context({}, stranger))).rejects.toMatchObject({ code: 'WRONGPASS' });
  await using nobody = toolsFor(server, {}, {});
  await expect(probe(context({}, nobody))).rejects.toMatchObject({ code: 'NOAUTH' });
  await expect(nobody.call('info', {}, neverAborted)).rejects.toMatchObject({ code: 'AddressMissing' });
  const { findings } = await probe(context({ port: 1 }));
  expect(findings).toMatchObject([{ kind: 'redis.Unreachable', severity: 'Critical' }]);
  const url = redis.url.replace('//', `//:${encodeURIComponent(password)}@`);
  await using byUrl = toolsFor(server, {}, { url });
  expect(await byUrl.call('dbsize', {}, neverAborted)).toBe(0);
});

describe('the policy of a full server', () => {
  const parameters = { policy: 'volatile-lru' };
  const acting = (by: HarnessTools): ActionContext => {
    const { node, tools: all, clock, signal } = context({}, by);
    return { node, tools: all, clock, signal, manifestPaths: [], readFile: () => Promise.resolve(undefined) };
  };

  it('is set once, recognised, and taken back; users are served meanwhile', async () => {
    const admin = await connect();
    await admin.set('kept', 'x');
    for (let index = 0; index < 20; index += 1) await admin.set(`passing-${index}`, 'x'.repeat(100_000), { EX: 600 });
    await admin.configSet('maxmemory', '2mb');
    await expect(admin.set('another', 'x')).rejects.toThrow(/^OOM/);
    await using writing = toolsFor(server, {}, { password }, { access: 'ReadWrite' });
    const by = acting(writing);
    const rendered = await setMaxmemoryPolicy.render(by, parameters);
    expect(rendered.diff).toContain('20 of 21 keys have an expiry');
    expect(await setMaxmemoryPolicy.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Absent' });
    expect(await setMaxmemoryPolicy.unchanged?.(by, rendered)).toBe(true);
    const evidence = await setMaxmemoryPolicy.execute?.(by, rendered.frozen, '');
    expect(await setMaxmemoryPolicy.probe?.(by, rendered.frozen, '')).toMatchObject({ verdict: 'Happened' });
    expect(await setMaxmemoryPolicy.settled?.(by, rendered.frozen, evidence ?? {})).toMatchObject({ state: 'Settled' });
    expect(await setMaxmemoryPolicy.unchanged?.(by, rendered)).toBe(false);
    expect(await admin.set('another', 'x')).toBe('OK');
    expect(await admin.get('kept')).toBe('x');
    await expect(setMaxmemoryPolicy.render(by, parameters)).rejects.toMatchObject({ code: 'AlreadySo' });
    await setMaxmemoryPolicy.execute?.(by, setMaxmemoryPolicy.rollback?.(rendered.frozen, evidence ?? {}) ?? {}, '');
    expect(await admin.configGet('maxmemory-policy')).toEqual({ 'maxmemory-policy': 'noeviction' });
  });

  it('is left alone once somebody else has set it, and by whoever may only read', async () => {
    const admin = await connect();
    await using writing = toolsFor(server, {}, { password }, { access: 'ReadWrite' });
    const { frozen } = await setMaxmemoryPolicy.render(acting(writing), parameters);
    await expect(setMaxmemoryPolicy.execute?.(acting(tools), frozen, '')).rejects.toThrow(
      'threehops_set_maxmemory_policy',
    );
    await admin.configSet('maxmemory-policy', 'allkeys-lfu');
    await expect(setMaxmemoryPolicy.execute?.(acting(writing), frozen, '')).rejects.toMatchObject({
      code: 'PolicyChanged',
    });
    expect(await setMaxmemoryPolicy.probe?.(acting(writing), frozen, '')).toMatchObject({ verdict: 'Unknown' });
    expect(await admin.configGet('maxmemory-policy')).toEqual({ 'maxmemory-policy': 'allkeys-lfu' });
  });
});

it('lookups that miss are told against what is usual', async () => {
  const admin = await connect();
  await admin.set('there', 'x');
  for (let index = 0; index < 120; index += 1) await admin.get('there');
  const looking = found('HitRatioLow', { sampleSeconds: 0.3 });
  await during(looking, () => admin.get('not-there'));
  expect(await looking).toMatchObject({ severity: 'Warning', unit: '%', facts: { evictedKeys: 0 } });
});
