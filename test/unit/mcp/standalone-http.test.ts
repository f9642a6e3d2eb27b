import { request } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, describe, expect, it } from 'vitest';
import { joinServers } from '../../../controller/mcp/joined-server.ts';
import type { ToolAccess } from '../../../controller/mcp/server.ts';
import { serveOverHttp } from '../../../controller/mcp/standalone-http.ts';
import type { EmbeddedServer, ServerConnection } from '../../../controller/mcp/tool.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { echoServer } from './echo-server.ts';

const stop: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of stop.splice(0)) await end();
});

async function listen(server: EmbeddedServer, access: ToolAccess = 'Read', settings = {}): Promise<string> {
  const ended = new AbortController();
  const connection: ServerConnection = { settings, credentials: {}, dialer: openDialer };
  const listening = Promise.withResolvers<string>();
  const options = { access, host: '127.0.0.1', port: 0, onListening: listening.resolve };
  const serving = serveOverHttp(server, connection, options, ended.signal);
  serving.catch(listening.reject);
  stop.push(async () => {
    ended.abort();
    await serving;
  });
  return listening.promise;
}

async function client(url: string): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport);
  stop.push(() => made.close());
  return made;
}

/** The status that a request with these headers gets; node:http lets a test say any Host. */
function statusOf(url: string, headers: Record<string, string>, method = 'POST'): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  const sent = request(url, { method, headers: { ...accept, ...headers } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  sent.once('error', reject).end(method === 'POST' ? body : undefined);
  return promise;
}

describe('an embedded server over HTTP', () => {
  it('serves clients side by side on one backend, and closes it at the end', async () => {
    const { server, backends, closed } = echoServer((text) => ({ said: text }));
    const url = await listen(server as EmbeddedServer);
    const [one, two] = await Promise.all([client(url), client(url)]);
    expect((await one.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'list']);
    const answers = await Promise.all(
      [one, two].map((each, index) => each.callTool({ name: 'echo', arguments: { text: `n${index}` } })),
    );
    expect(answers.map(({ structuredContent }) => structuredContent)).toEqual([{ said: 'n0 2' }, { said: 'n1 2' }]);
    expect(backends).toHaveLength(1);
    for (const end of stop.splice(0).toReversed()) await end();
    expect(closed).toEqual(backends);
  });

  it('offers tools that write when it is told to', async () => {
    const { server } = echoServer((text) => ({ written: text.length }));
    const writer = await client(await listen(server as EmbeddedServer, 'ReadWrite'));
    const answer = await writer.callTool({ name: 'threehops_write', arguments: { text: 'four' } });
    expect(answer.structuredContent).toEqual({ written: 4 });
  });

  it('gives up a call whose caller has left', async () => {
    const given = Promise.withResolvers<AbortSignal>();
    const { server } = echoServer((_text, signal) => {
      given.resolve(signal);
      return new Promise(() => undefined);
    });
    const caller = await client(await listen(server as EmbeddedServer));
    const leaving = new AbortController();
    const call = caller.callTool({ name: 'echo', arguments: { text: 'x' } }, undefined, { signal: leaving.signal });
    const signal = await given.promise;
    leaving.abort();
    await expect(call).rejects.toThrow('aborted');
    await caller.close();
    await expect.poll(() => signal.aborted).toBe(true);
  });

  it('turns away foreign hosts and origins, other paths and other methods', async () => {
    const url = await listen(echoServer(() => ({})).server as EmbeddedServer);
    const { port } = new URL(url);
    expect(await statusOf(url, {})).toBe(200);
    expect(await statusOf(url, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
    expect(await statusOf(url, { host: `attacker.example:${port}` })).toBe(403);
    expect(await statusOf(url, { host: '127.0.0.1' })).toBe(403);
    expect(await statusOf(url, { origin: 'https://attacker.example' })).toBe(403);
    expect(await statusOf(url, { origin: `http://attacker.example:${port}` })).toBe(403);
    expect(await statusOf(url, { origin: 'null' })).toBe(403);
    expect(await statusOf(url.replace('/mcp', '/other'), {})).toBe(404);
    expect(await statusOf(url, {}, 'GET')).toBe(405);
  });

  it('says that it cannot listen where something listens already', async () => {
    const { server } = echoServer(() => ({}));
    const { port } = new URL(await listen(server as EmbeddedServer));
    const options = { access: 'Read', host: '127.0.0.1', port: Number(port), onListening: () => undefined } as const;
    const connection = { settings: {}, credentials: {}, dialer: openDialer };
    const { signal } = new AbortController();
    await expect(serveOverHttp(server as EmbeddedServer, connection, options, signal)).rejects.toThrow('EADDRINUSE');
  });
});

describe('servers that are joined', () => {
  it('are one, each with its own settings and backend; a tool that two have is that of the first', async () => {
    const first = echoServer(() => ({ said: 'first' }), 'first');
    const second = echoServer(() => ({ said: 'second' }), 'second');
    const given: unknown[] = [];
    const own = { ...second.server.tools[0], name: 'own' } as (typeof second.server.tools)[0];
    const connect: typeof second.server.connect = (connection) => {
      given.push(connection.settings);
      return second.server.connect(connection);
    };
    const parts = [first.server, { ...second.server, tools: [...second.server.tools, own], connect }];
    const joined = joinServers('both', parts as unknown as EmbeddedServer[]);
    expect(joined.tools.map(({ name }) => name)).toEqual(['echo', 'list', 'threehops_write', 'own']);
    const caller = await client(await listen(joined as EmbeddedServer, 'Read', { second: { region: 'x' } }));
    const said = async (name: string) => (await caller.callTool({ name, arguments: { text: '' } })).structuredContent;
    expect([await said('echo'), await said('own')]).toEqual([{ said: 'first' }, { said: 'second' }]);
    expect(given).toEqual([{ region: 'x' }]);
    for (const end of stop.splice(0).toReversed()) await end();
    expect([first.closed, second.closed]).toEqual([first.backends, second.backends]);
  });
});
