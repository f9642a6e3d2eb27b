import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { startDialerProxy } from '../../../controller/mcp/dialer-proxy.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
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
  return proxyBy(openDialer, ports);
}

async function proxyBy(dialer: Dialer, ports: readonly number[]): Promise<number> {
  const proxy = await startDialerProxy({
    dialer,
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

it('hears what is said before it has answered', async () => {
  const echo = createTcp((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  cleanups.push(() => new Promise((closed) => echo.close(closed)));
  const { port } = echo.address() as AddressInfo;
  const proxy = await proxyTo(port);
  const socket = connect(proxy, '127.0.0.1').end(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\nhello`);
  expect(await text(socket)).toMatch(/\r\n\r\nhello$/);
});

it.each([
  ['a tunnel', (port: number) => `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a request', (port: number) => `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\n\r\n`],
])('outlives who asks for %s and is gone before the site is reached, and lets the site alone', async (_, words) => {
  let reached = 0;
  let held = 0;
  const site = createTcp((socket) => {
    reached += 1;
    held += 1;
    socket
      .on('error', () => undefined)
      .on('close', () => (held -= 1))
      .resume();
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  cleanups.push(() => new Promise((closed) => site.close(closed)));
  const { port } = site.address() as AddressInfo;
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const pin: Dialer['pin'] = async (host, signal) => {
    asked.resolve();
    await go.promise;
    return openDialer.pin(host, signal);
  };
  const proxy = await proxyBy({ ...openDialer, pin }, [port]);
  const { promise: gone, resolve: hasGone } = Promise.withResolvers<void>();
  const socket = connect(proxy, '127.0.0.1').on('error', () => undefined);
  socket.on('close', () => hasGone()).write(words(port));
  await asked.promise;
  socket.resetAndDestroy();
  await gone;
  // Whoever comes after is answered when the proxy has seen that the first one is gone.
  await say(proxy, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  go.resolve();
  const isAlone = async (): Promise<true | undefined> => (reached === 1 && held === 0 ? true : undefined);
  expect(await until('the site to be let alone', isAlone, 5_000)).toBe(true);
});
