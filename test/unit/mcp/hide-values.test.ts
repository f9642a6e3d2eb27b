import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { toolCredentials } from '../../../controller/mcp/credentials.ts';
import { valueHider } from '../../../controller/mcp/hide-values.ts';
import { ToolPool } from '../../../controller/mcp/pool.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { startStandIn } from '../../helpers/stand-in-server.ts';
import { echoServer } from './echo-server.ts';

const signal = new AbortController().signal;
const password = ['corr"ect', 'horse', '7'].join('-');
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

describe('what a server was given', () => {
  it('is taken out wherever it stands, in the forms in which it comes', () => {
    const hide = valueHider({ password, username: 'payments-api' });
    const encoded = Buffer.from(password).toString('base64').replace(/=+$/, '');
    const texts = [`user payments-api, ${password}`, JSON.stringify({ said: password }), encodeURIComponent(password)];
    const shown = JSON.stringify(hide?.({ [password]: texts, more: [{ at: encoded }], count: 3 }));
    expect(shown).toContain('payments-api');
    expect(shown).toContain('"count":3');
    for (const form of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password), encoded]) {
      expect(shown).not.toContain(form);
    }
  });

  it('is taken out of a connection string as well', () => {
    const url = new URL('postgres://reader@db.example.com/shop');
    url.password = 'hunter2-hunter2';
    expect(valueHider({ url: url.href })?.('logged in by hunter2-hunter2')).toBe('logged in by [redacted:password]');
  });

  it('is left where it is no secret: names, plain words and what is short', () => {
    expect(valueHider({ username: 'payments-api', password: 'postgres', token: 'a1b2' })).toBeUndefined();
    expect(valueHider({})).toBeUndefined();
  });

  it('does not come back in an answer or an error, of an embedded server or of somebody else’s', async () => {
    const credentials = toolCredentials({ token: password });
    const tools = [{ name: 'look', inputSchema: { type: 'object' as const } }];
    const standIn = await startStandIn(tools, () => ({ said: [`it is ${password}`] }), {});
    cleanups.push(() => standIn.stop());
    const pool = new ToolPool({
      servers: [echoServer(() => Promise.reject(new Error(`no login for ${password}`))).server as never],
      settings: {},
      dialerFor: () => openDialer,
      clock: systemClock,
    });
    cleanups.push(() => pool.close());
    const theirs = {
      id: 'shop/theirs',
      version: '1',
      endpoint: { url: standIn.url },
      tools: { read: ['look'], write: [] },
      pins: {},
      timeoutMs: 3000,
      maxBytes: 20_000,
    };
    const foreign = await pool.get(theirs, credentials, 'Read', signal);
    expect(await foreign.call('look', {}, signal)).toEqual({ said: ['it is [redacted:token]'] });
    const own = await pool.get('echo', credentials, 'Read', signal);
    await expect(own.call('echo', { text: 'a' }, signal)).rejects.toThrow('no login for [redacted:token]');
  });
});
