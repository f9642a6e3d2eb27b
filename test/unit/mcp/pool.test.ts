import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noCredentials, toolCredentials } from '../../../controller/mcp/credentials.ts';
import { ToolUnavailable } from '../../../controller/mcp/errors.ts';
import { ToolPool, type ToolPoolOptions } from '../../../controller/mcp/pool.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { echoServer } from './echo-server.ts';

const signal = new AbortController().signal;
const pools: ToolPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolOf(options: Partial<ToolPoolOptions> = {}, times = { ms: 0 }) {
  const echo = echoServer((text) => ({ said: text }));
  const calls: string[] = [];
  const pool = new ToolPool({
    servers: [echo.server as EmbeddedServer],
    settings: {},
    dialerFor: () => openDialer,
    clock: { ...systemClock, monotonicMs: () => times.ms },
    onCall: ({ server, tool }) => calls.push(`${server} ${tool}`),
    ...options,
  });
  pools.push(pool);
  return { ...echo, pool, calls };
}

describe('the tool pool', () => {
  it('starts one client for fifty that ask at once', async () => {
    const { pool, backends } = poolOf();
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => pool.get('echo', noCredentials, 'Read', signal)),
    );
    expect(new Set(clients).size).toBe(1);
    expect(backends).toHaveLength(1);
  });

  it('keeps credentials and access apart', async () => {
    const { pool, backends } = poolOf();
    const read = toolCredentials({ password: 'r', user: 'u' });
    await pool.get('echo', read, 'Read', signal);
    await pool.get('echo', toolCredentials({ user: 'u', password: 'r' }), 'Read', signal);
    expect(backends).toHaveLength(1);
    await pool.get('echo', toolCredentials({ user: 'u', password: 'w' }), 'Read', signal);
    await pool.get('echo', toolCredentials({ user: 'u', password: 'r' }, ['db.example']), 'Read', signal);
    await pool.get('echo', read, 'ReadWrite', signal);
    expect(backends).toHaveLength(4);
  });

  it('gives the server its settings, the credentials and the dialer made for them', async () => {
    const seen: unknown[] = [];
    const { server } = echoServer(() => ({}));
    const { pool } = poolOf({
      servers: [{ ...server, connect: (connection) => (seen.push(connection), { written: [], answer: () => ({}) }) }],
      settings: { echo: { region: 'eu-west-1' } },
    } as Partial<ToolPoolOptions>);
    await pool.get('echo', toolCredentials({ user: 'u' }), 'Read', signal);
    expect(seen).toEqual([{ settings: { region: 'eu-west-1' }, credentials: { user: 'u' }, dialer: openDialer }]);
  });

  it('counts the calls that go over the transport', async () => {
    const { pool, calls } = poolOf();
    const client = await pool.get('echo', noCredentials, 'Read', signal);
    await client.call('echo', { text: 'x' }, signal);
    await client.call('echo', { text: 'y' }, signal);
    await client.call('nothing', {}, signal).catch(() => undefined);
    expect(calls).toEqual(['echo echo', 'echo echo']);
  });

  it('tries a failed start again', async () => {
    const { server } = echoServer((text) => ({ said: text }));
    let starts = 0;
    const flaky: EmbeddedServer = {
      ...(server as EmbeddedServer),
      connect: () => {
        starts += 1;
        if (starts === 1) throw new Error('no region');
        return { written: [], answer: (text: string) => ({ said: text }) };
      },
    };
    const { pool } = poolOf({ servers: [flaky] });
    await expect(pool.get('echo', noCredentials, 'Read', signal)).rejects.toThrow(ToolUnavailable);
    const client = await pool.get('echo', noCredentials, 'Read', signal);
    expect(await client.call('echo', { text: 'x' }, signal)).toEqual({ said: 'x 2' });
  });

  it('does not know a server that is not in the catalogue', async () => {
    await expect(poolOf().pool.get('nope', noCredentials, 'Read', signal)).rejects.toThrow(ToolUnavailable);
  });

  it('replaces a client that went away, and closes its backend', async () => {
    const { pool, backends, closed } = poolOf();
    const first = await pool.get('echo', noCredentials, 'Read', signal);
    await first.close();
    const second = await pool.get('echo', noCredentials, 'Read', signal);
    expect(second).not.toBe(first);
    await expect.poll(() => closed).toEqual([backends[0]]);
    expect(pool.size).toBe(1);
  });

  it('closes what nobody used for a while, and not what was called', async () => {
    const times = { ms: 0 };
    const { pool, backends, closed } = poolOf({ idleMs: 1_000 }, times);
    const used = await pool.get('echo', noCredentials, 'Read', signal);
    await pool.get('echo', toolCredentials({ old: 'one' }), 'Read', signal);
    times.ms = 900;
    await used.call('echo', { text: 'x' }, signal);
    times.ms = 1_100;
    expect(await pool.get('echo', noCredentials, 'Read', signal)).toBe(used);
    await expect.poll(() => closed).toEqual([backends[1]]);
  });

  it('closes what nobody used for a while though nobody asks for anything', async () => {
    const clock = new FakeClock();
    const { pool, backends, closed } = poolOf({ clock, idleMs: 1_000 });
    await pool.get('echo', noCredentials, 'Read', signal);
    await clock.advance(900);
    expect(closed).toEqual([]);
    await clock.advance(300);
    expect(closed).toEqual(backends);
    expect(pool.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('closes everything on stop, and starts nothing after', async () => {
    const { pool, backends, closed } = poolOf();
    const client = await pool.get('echo', noCredentials, 'Read', signal);
    await pool.get('echo', noCredentials, 'ReadWrite', signal);
    await pool.close();
    expect(closed).toHaveLength(2);
    expect(client.open).toBe(false);
    await expect(pool.get('echo', noCredentials, 'Read', signal)).rejects.toThrow(ToolUnavailable);
    expect(backends).toHaveLength(2);
  });

  it('lets one caller give up without ending the start for the others', async () => {
    const { pool } = poolOf();
    const impatient = new AbortController();
    const gone = pool.get('echo', noCredentials, 'Read', impatient.signal);
    const stays = pool.get('echo', noCredentials, 'Read', signal);
    impatient.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    expect((await stays).open).toBe(true);
  });
});
