import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { startDialerProxy } from '../../../controller/mcp/dialer-proxy.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { until } from '../../lab/parts/process.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function site(): Promise<{ readonly port: number; readonly seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end('page');
  });
  cleanups.push(() => closeServer(server));
  return { port: await listen(server), seen };
}

/** Whoever says exactly this to each who comes. */
async function rude(words: string): Promise<number> {
  const server = createTcp(
    (socket) =>
      void socket
        .on('error', () => undefined)
        .resume()
        .end(words),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => new Promise((closed) => server.close(closed)));
  return (server.address() as AddressInfo).port;
}

async function proxyTo(...ports: readonly number[]): Promise<number> {
  const proxy = await startDialerProxy({
    dialer: openDialer,
    origins: ports.flatMap((port) => [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`]),
  });
  cleanups.push(() => proxy.close());
  return Number(new URL(proxy.url).port);
}

/** What comes back for these very words. */
async function say(port: number, words: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).write(words);
  socket.setTimeout(500, () => socket.destroy());
  return text(socket).catch(() => '');
}

it.each([
  ['a trailer without chunks', 'Trailer: X\r\n'],
  ['the wish to be told to go on', 'Expect: 100-continue\r\n'],
  ['the wish for another protocol', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  ['what is between us alone', 'Proxy-Authorization: Basic x\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\n'],
])('passes a request on without %s', async (_, header) => {
  const { port, seen } = await site();
  const proxy = await proxyTo(port);
  await say(proxy, `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${header}\r\n`);
  expect(seen).toHaveLength(1);
  const names = Object.keys(seen[0]?.headers ?? {});
  expect(names.filter((name) => /^(trailer|expect|upgrade|te|proxy-.*|keep-alive)$/.test(name))).toEqual([]);
});

it.each([
  ['a status that is none', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
  ['a trailer without chunks', 'HTTP/1.1 200 OK\r\ntrailer: x\r\ncontent-length: 0\r\n\r\n'],
  ['no HTTP', 'hello\r\n\r\n'],
  ['nothing', ''],
])('outlives a site that answers with %s', async (_, words) => {
  const odd = await rude(words);
  const { port } = await site();
  const proxy = await proxyTo(odd, port);
  await say(proxy, `GET http://127.0.0.1:${odd}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
  const answer = await say(proxy, `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toContain('page');
});

it('has no more connections than it can hold', async () => {
  let open = 0;
  const sink = createTcp((socket) => {
    open += 1;
    socket.on('error', () => undefined).on('close', () => (open -= 1));
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  cleanups.push(() => new Promise((closed) => sink.close(closed)));
  const { port } = sink.address() as AddressInfo;
  const proxy = await proxyTo(port);
  const sockets = Array.from({ length: 200 }, () => connect(proxy, '127.0.0.1'));
  let ended = 0;
  for (const socket of sockets) {
    socket.on('error', () => undefined).on('close', () => (ended += 1));
    socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`);
  }
  await until('the rest to be turned away', async () => (ended + open === 200 ? true : undefined), 10_000);
  expect(open).toBe(128);
  for (const socket of sockets) socket.destroy();
});

it('asks no site more at once than there are connections, however many requests are said on each', async () => {
  let asked = 0;
  let waiting = 0;
  const silent = createTcp((socket) => {
    asked += 1;
    waiting += 1;
    socket
      .on('error', () => undefined)
      .on('close', () => (waiting -= 1))
      .resume();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  cleanups.push(() => new Promise((closed) => silent.close(closed)));
  const { port } = silent.address() as AddressInfo;
  const { port: other } = await site();
  const proxy = await proxyTo(port, other);
  const socket = connect(proxy, '127.0.0.1').on('error', () => undefined);
  socket.write(`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(100));
  await until('the site to be asked', async () => (asked > 0 ? true : undefined), 5_000);
  // Whoever comes after all these is served.
  const answer = await say(proxy, `GET http://127.0.0.1:${other}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(answer).toContain('page');
  expect(asked).toBe(1);
  socket.destroy();
  await until('nobody to wait for the site', async () => (waiting === 0 ? true : undefined), 5_000);
});
