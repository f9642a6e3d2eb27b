import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { ToolAnswerTooLarge, ToolTimeout, ToolUnavailable } from '../../../controller/mcp/errors.ts';
import { createDialer } from '../../../controller/mcp/outbound.ts';
import { connectRemote, type RemoteOptions } from '../../../controller/mcp/remote-client.ts';
import { serveTools } from '../../../controller/mcp/server.ts';
import { serveStandalone } from '../../../controller/mcp/standalone.ts';
import { answerBytes } from '../../../controller/mcp/wire.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { type EchoBackend, echoServer } from './echo-server.ts';

const signal = new AbortController().signal;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** Of a server that listens until the test is over. */
async function urlOf(http: Server): Promise<string> {
  cleanups.push(() => closeServer(http));
  return `http://127.0.0.1:${await listen(http)}/mcp`;
}

/** The echo server behind streamable HTTP, on a session for each request as simple servers do. */
async function remote(answer: EchoBackend['answer']): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
  const { server } = echoServer(answer);
  const seen: IncomingHttpHeaders[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers);
    const transport = new StreamableHTTPServerTransport({});
    const mcp = serveTools(server, server.connect({ settings: {}, credentials: {}, dialer: openDialer }), 'ReadWrite');
    response.once('close', () => void mcp.close());
    void mcp.connect(transport as Transport).then(() => transport.handleRequest(request, response));
  });
  return { url: await urlOf(http), seen };
}

async function connect(url: string, options: Partial<RemoteOptions> = {}) {
  const made = { url, serverId: 'remote', access: 'Read', clock: systemClock, dialer: openDialer, ...options } as const;
  const client = await connectRemote(made, signal);
  cleanups.push(() => client.close());
  return client;
}

describe('a server that runs elsewhere', () => {
  it('answers like one in this process, and sees the headers', async () => {
    const { url, seen } = await remote((text) => ({ said: text }));
    const client = await connect(url, { headers: { authorization: 'Bearer t' } });
    expect(client.tools.map((tool) => [tool.name, tool.access])).toEqual([
      ['echo', 'Read'],
      ['list', 'Read'],
      ['threehops_write', 'Write'],
    ]);
    expect(await client.call('echo', { text: 'hi' }, signal)).toEqual({ said: 'hi 2' });
    expect(seen.every((headers) => headers.authorization === 'Bearer t')).toBe(true);
  });

  it('does not get around the limit by what stands beside a short text', () => {
    const structuredContent = { rows: 'x'.repeat(2_000) };
    expect(answerBytes({ content: [{ type: 'text', text: 'ok' }], structuredContent })).toBeGreaterThan(2_000);
    expect(answerBytes({ content: [{ type: 'text', text: 'x'.repeat(3_000) }], structuredContent })).toBe(3_000);
  });

  it('cannot make a write look like a read', async () => {
    const { url } = await remote(() => ({ written: 1 }));
    const client = await connect(url, { writes: ['echo'] });
    await expect(client.call('echo', { text: 'x' }, signal)).rejects.toThrow('only reading is granted');
  });

  it('is bounded in time and size', async () => {
    const { url } = await remote((text) =>
      text.startsWith('big') ? { said: 'x'.repeat(20_000) } : new Promise(() => undefined),
    );
    const client = await connect(url, { timeoutMs: 500, maxBytes: 10_000 });
    await expect(client.call('echo', { text: 'big' }, signal)).rejects.toThrow(ToolAnswerTooLarge);
    await expect(client.call('echo', { text: 'slow' }, signal, { timeoutMs: 50 })).rejects.toThrow(ToolTimeout);
  });

  it('cannot make us send without end by what it sends at once', async () => {
    let requests = 0;
    const ping = `data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n\n`;
    const http = createServer((_, response) => {
      requests += 1;
      if (requests > 1) return void response.writeHead(202).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(ping.repeat(2_000));
    });
    await expect(connect(await urlOf(http))).rejects.toThrow(ToolUnavailable);
    expect(requests).toBeLessThan(510);
  });

  it('is unavailable where the dialer does not go, or where nothing listens', async () => {
    const { url } = await remote(() => ({}));
    const policy = { hosts: ['*'], cidrs: [], whenEmpty: 'Nothing' } as const;
    const strict = createDialer({ policy, clock: systemClock });
    await expect(connect(url, { dialer: strict })).rejects.toThrow(/refused: Loopback/);
    await expect(connect('http://127.0.0.1:1/mcp')).rejects.toThrow(ToolUnavailable);
  });
});

describe('an embedded server that runs alone', () => {
  it('speaks MCP on its streams, without its write tools, until they end', async () => {
    const { server, closed } = echoServer((text) => ({ said: text }));
    const [input, output] = [new PassThrough(), new PassThrough()];
    const lines: { id: number }[] = [];
    output.on('data', (data: Buffer) =>
      lines.push(
        ...data
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    );
    const connection = { settings: {}, credentials: {}, dialer: openDialer };
    const ended = serveStandalone(server as never, connection, { access: 'Read', input, output }, signal);
    const send = (message: object): boolean => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'test', version: '1' };
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/list' });
    send({ id: 3, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } });
    await expect.poll(() => lines.map((line) => line.id)).toEqual([1, 2, 3]);
    expect(lines[1]).toMatchObject({ result: { tools: [{ name: 'echo' }, { name: 'list' }] } });
    expect(lines[2]).toMatchObject({ result: { structuredContent: { said: 'hi 2' } } });
    input.end();
    await ended;
    expect(closed).toHaveLength(1);
  });
});
