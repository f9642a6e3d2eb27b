import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../controller/kube/clock.ts';
import type { ToolClient } from '../../../controller/mcp/client.ts';
import { noCredentials, toolCredentials } from '../../../controller/mcp/credentials.ts';
import type { ForeignServer } from '../../../controller/mcp/foreign-server.ts';
import { ToolPool } from '../../../controller/mcp/pool.ts';
import type { ServerProcess } from '../../../controller/mcp/stream-client.ts';
import type { ToolAccess } from '../../../controller/mcp/server.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { type Conduct, startStandIn } from '../../helpers/stand-in-server.ts';
import { echoServer } from './echo-server.ts';

const signal = new AbortController().signal;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function described(endpoint: ForeignServer['endpoint'], more: Partial<ForeignServer> = {}): ForeignServer {
  const tools = { read: ['look'], write: ['touch'] };
  return { id: 'shop/theirs', version: '1', endpoint, tools, pins: {}, timeoutMs: 3_000, maxBytes: 20_000, ...more };
}

/** Starts the stand-in without a sandbox, in an environment that is cleared but for what is given. */
function startedPool(clock: Clock = systemClock) {
  const processes: ServerProcess[] = [];
  const pool = new ToolPool({
    servers: [echoServer((text) => ({ said: text })).server as never],
    settings: {},
    dialerFor: () => openDialer,
    clock,
    async startProcess(conduct, credentials) {
      const script = join(import.meta.dirname, '../../helpers/stand-in-stdio.ts');
      const child = spawn(process.execPath, [script, conduct], {
        env: { ...credentials },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      const started = {
        stdin: child.stdin,
        stdout: child.stdout,
        exited,
        kill: async () => void (child.kill('SIGKILL'), await exited),
      };
      processes.push(started);
      return started;
    },
  });
  cleanups.push(() => pool.close());
  const get = (server: ForeignServer, access: ToolAccess = 'Read', credentials = noCredentials) =>
    pool.get(server, credentials, access, signal);
  return { pool, processes, get };
}

const look = { name: 'look', inputSchema: { type: 'object' as const } };
const touch = { name: 'touch', inputSchema: { type: 'object' as const } };

async function overHttp(conduct: Conduct = 'Good', options = {}) {
  const tools = [{ ...look, outputSchema: { type: 'object' as const, required: ['env'] } }, touch];
  const standIn = await startStandIn(tools, () => ({ env: {} }), options);
  cleanups.push(() => standIn.stop());
  standIn.conduct = conduct;
  return { standIn, server: described({ url: standIn.url }) };
}

/** Once it is not spared any more. */
async function connectedAnew(get: () => Promise<ToolClient>): Promise<ToolClient> {
  await expect.poll(() => get().catch(() => undefined), { timeout: 5_000 }).toBeDefined();
  return get();
}

const failures = [
  ['hangs', 'Hangs', 'ToolTimeout'],
  ['dies', 'Dies', 'ToolUnavailable'],
  ['lies about its schema', 'Lies', 'ToolAnswerInvalid'],
] as const;

describe('a server by URL', () => {
  it.each([...failures, ['floods', 'Floods', 'ToolAnswerTooLarge']] as const)(
    'that %s fails its call alone',
    async (_, conduct, name) => {
      const { standIn, server } = await overHttp();
      const client = await startedPool().get(server);
      standIn.conduct = conduct;
      await expect(client.call('look', {}, signal)).rejects.toMatchObject({ name, outcomeUnknown: false });
    },
  );

  it('is connected to anew once it failed, after a while', async () => {
    const { standIn, server } = await overHttp();
    const { get } = startedPool();
    const first = await get(server);
    standIn.conduct = 'Dies';
    await expect(first.call('look', {}, signal)).rejects.toThrow('look');
    await expect(get(server)).rejects.toThrow('tried again in');
    standIn.conduct = 'Good';
    const second = await connectedAnew(() => get(server));
    expect(second).not.toBe(first);
    expect(await second.call('look', {}, signal)).toEqual({ env: {} });
  });

  it('that was restarted and knows us no more is connected to anew, when nothing but its tools is looked at', async () => {
    const { standIn, server } = await overHttp('Good', { sessions: true });
    const { get } = startedPool();
    const first = await get(server);
    standIn.restart();
    await expect(first.relist(signal)).rejects.toMatchObject({ name: 'ToolUnavailable' });
    const second = await connectedAnew(() => get(server));
    expect(second).not.toBe(first);
    await second.relist(signal);
  });

  it.each(['token', 'x-key'])('is not sent a Secret whose %s is no header, and no error tells it', async (key) => {
    const { standIn, server } = await overHttp();
    const secret = toolCredentials({ [key]: 'hush-\nhush' });
    const failure = await startedPool()
      .get(server, 'Read', secret)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: `shop/theirs.connect: the Secret's ${key} cannot be sent as a header` });
    expect(standIn.headers).toEqual([]);
  });

  it('is asked for no tool that is not listed, whatever it offers', async () => {
    const { standIn, server } = await overHttp();
    const client = await startedPool().get({ ...server, tools: { read: [], write: [] } });
    await expect(client.call('look', {}, signal)).rejects.toThrow('does not list this tool');
    expect(standIn.calls).toEqual([]);
  });

  it('that changes a pinned tool is not written to, and is read on', async () => {
    const { standIn, server } = await overHttp();
    const { get } = startedPool();
    const pins = Object.fromEntries((await get(server)).digests);
    const client = await get({ ...server, version: '2', pins }, 'ReadWrite');
    await client.call('touch', {}, signal);
    standIn.tools = standIn.tools.map((tool) =>
      tool.name === 'look' ? { ...tool, description: 'Looks elsewhere.' } : tool,
    );
    await expect(client.call('touch', {}, signal)).rejects.toThrow('the definition of look is not the pinned one');
    await client.call('look', {}, signal);
    expect(standIn.calls.map(({ tool }) => tool)).toEqual(['touch', 'look']);
    expect(client.changed).toEqual(['look']);
  });

  it('that has other tools than it had is asked for them again, now and then', async () => {
    const { standIn, server } = await overHttp();
    const times = { ms: 0 };
    const client = await startedPool({ ...systemClock, monotonicMs: () => times.ms }).get({
      ...server,
      tools: { read: ['look', 'new'], write: [] },
    });
    const output = { type: 'object' as const, required: ['depth'] };
    const changed = { ...look, inputSchema: { ...output }, outputSchema: output };
    standIn.tools = [changed, { ...look, name: 'new' }];
    standIn.answer = () => ({ depth: 1 });
    await expect(client.call('new', {}, signal)).rejects.toThrow('does not offer this tool');
    await expect(client.call('look', {}, signal)).rejects.toMatchObject({ name: 'ToolAnswerInvalid' });
    times.ms += 30_000;
    expect(await client.call('look', {}, signal)).toEqual({ depth: 1 });
    await expect(client.call('look', {}, signal)).rejects.toThrow("arguments: must have required property 'depth'");
    expect(await client.call('new', {}, signal)).toEqual({ depth: 1 });
    standIn.tools = [look, { ...look, name: 'new' }];
    times.ms += 30_000;
    expect(await client.call('look', {}, signal)).toEqual({ depth: 1 });
  });

  it('is held to the contract of the embedded server that it stands in for', async () => {
    const { standIn, server } = await overHttp();
    standIn.tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
    standIn.answer = () => ({ answered: 'in another shape' });
    const client = await startedPool().get({ ...server, tools: { read: ['echo'], write: [] }, insteadOf: 'echo' });
    await expect(client.call('echo', { text: 1 }, signal)).rejects.toThrow('arguments: /text must be string');
    await expect(client.call('echo', { text: 'x' }, signal)).rejects.toThrow("must have required property 'said'");
  });

  it('cannot hold us up with a pattern that comes to no end', async () => {
    const { standIn, server } = await overHttp();
    const trap = { type: 'object' as const, properties: { text: { type: 'string', pattern: '^(a+)+$' } } };
    standIn.tools = [{ name: 'look', inputSchema: trap }];
    const client = await startedPool().get(server);
    await expect(client.call('look', { text: `${'a'.repeat(40)}b` }, signal)).rejects.toThrow('takes longer than');
  });
});

describe('a server on stdio', () => {
  it('sees of our environment nothing, and of its Secret what it is given', async () => {
    const client = await startedPool().get(described({ stdio: 'Good' }), 'Read', toolCredentials({ TOKEN: 't' }));
    const { env } = (await client.call('look', {}, signal)) as { env: Record<string, string> };
    expect(env).toEqual({ TOKEN: 't' });
  });

  it('may take longer to start than for a call', async () => {
    const client = await startedPool().get(described({ stdio: 'StartsSlowly' }, { timeoutMs: 500 }));
    expect(client.open).toBe(true);
  });

  it.each([...failures, ['floods', 'Floods', 'ToolUnavailable']] as const)(
    'that %s fails its call alone',
    async (_, conduct, name) => {
      const client = await startedPool().get(
        described({ stdio: conduct }, { timeoutMs: conduct === 'Hangs' ? 1_500 : 20_000 }),
      );
      await expect(client.call('look', {}, signal)).rejects.toMatchObject({ name, outcomeUnknown: false });
    },
  );

  it('is ended when it floods, and with its client', async () => {
    const { processes, get, pool } = startedPool();
    const flooding = await get(described({ stdio: 'Floods' }));
    await expect(flooding.call('look', {}, signal)).rejects.toThrow('look');
    await processes[0]?.exited;
    await get(described({ stdio: 'Good' }, { version: '2' }));
    await pool.close();
    await processes[1]?.exited;
    expect(processes).toHaveLength(2);
  });

  it('is ended when its ToolServer or its Secret is another one or gone, but not in the midst of a call', async () => {
    const { processes, get, pool } = startedPool();
    const [old, server] = [described({ stdio: 'Good' }), described({ stdio: 'Good' }, { version: '2' })];
    const [first, second] = [toolCredentials({ TOKEN: '1' }), toolCredentials({ TOKEN: '2' })];
    const stale = await Promise.all([
      get(old, 'Read', second),
      get(server, 'Read', first),
      get(server, 'Read', second),
    ]);
    const calling = stale[0].call('look', {}, signal);
    pool.forget('shop/others');
    pool.forget(server.id, { version: '2', digest: second.digest });
    expect(pool.size).toBe(2);
    await calling;
    await processes[1]?.exited;
    pool.forget(server.id);
    await Promise.all(processes.map(({ exited }) => exited));
    expect(processes).toHaveLength(3);
  });

  it('that is deadlocked is ended and started anew after three calls', async () => {
    const { processes, get } = startedPool();
    const server = described({ stdio: 'Deadlocks' });
    const client = await get(server);
    const call = () => client.call('look', {}, signal, { timeoutMs: 50 });
    for (const open of [true, true, false]) {
      await expect(client.call('look', {}, AbortSignal.timeout(10))).rejects.toThrow('aborted');
      await expect(call()).rejects.toMatchObject({ name: 'ToolTimeout' });
      expect(client.open).toBe(open);
    }
    await connectedAnew(() => get(server));
    await processes[0]?.exited;
    expect(processes).toHaveLength(2);
  });

  it('that does not even tell its tools any more is started anew', async () => {
    const { processes, get } = startedPool();
    const server = described({ stdio: 'Deadlocks' });
    const client = await get(server);
    await expect(client.call('look', {}, signal, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'ToolTimeout' });
    await expect(client.relist(signal)).rejects.toMatchObject({ name: 'ToolTimeout' });
    await connectedAnew(() => get(server));
    await processes[0]?.exited;
    expect(processes).toHaveLength(2);
  });

  it('that changes a pinned tool is not written to', async () => {
    const { get } = startedPool();
    const pins = Object.fromEntries((await get(described({ stdio: 'Good' }))).digests);
    const client = await get(described({ stdio: 'Changes' }, { pins }), 'ReadWrite');
    await client.call('look', {}, signal);
    await expect(client.call('touch', {}, signal)).rejects.toThrow('the definition of look is not the pinned one');
  });
});
