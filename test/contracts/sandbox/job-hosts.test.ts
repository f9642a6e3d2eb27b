import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Server as TcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noCredentials } from '../../../controller/mcp/credentials.ts';
import { createDialers } from '../../../controller/mcp/dialers.ts';
import { jobHosts, type JobHosts } from '../../../controller/sandbox/job/job-hosts.ts';
import { MetricsRegistry } from '../../../controller/telemetry/metrics.ts';
import { forever } from '../../helpers/kube-things.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { until } from '../../lab/parts/process.ts';

const seen: IncomingMessage[] = [];
/** Connections that the greeter holds. */
const held = new Set<Socket>();
let server: Server;
let port: number;
/** Says hello, and repeats what it hears. */
let greeter: TcpServer;
let greeterPort: number;
let metrics: MetricsRegistry;
let opened: JobHosts;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    if (request.url === '/big') response.end(Buffer.alloc(2_000_000));
    else request.resume().on('end', () => response.end(`package of ${request.headers.host}`));
  });
  port = await listen(server, '127.0.0.2');
  greeter = createTcp((socket) => {
    held.add(socket);
    socket.on('error', () => undefined).on('close', () => held.delete(socket));
    socket.write('hello');
    socket.pipe(socket);
  }).listen(0, '127.0.0.2');
  await once(greeter, 'listening');
  ({ port: greeterPort } = greeter.address() as AddressInfo);
});
afterAll(async () => {
  await closeServer(server);
  await new Promise((closed) => greeter.close(closed));
});
beforeEach(() => {
  metrics = new MetricsRegistry();
  opened = hostsWith({});
});
afterEach(async () => {
  await opened.close();
  await until('the greeter to be let alone', async () => (held.size === 0 ? true : undefined), 10_000);
  seen.length = 0;
});

const resolve = async () => [{ address: '127.0.0.2', family: 4 as const }];

function hostsWith({ mostBytes = 2 ** 30, cidrs = ['127.0.0.2/32'], address = '127.0.0.1', at = 0 }): JobHosts {
  const dialer = createDialers({ allow: { hosts: [], cidrs }, clock: systemClock, resolve }).dialerFor(
    noCredentials,
    'Read',
  );
  let runs = 0;
  return jobHosts({
    hosts: [`registry.test:${port}`, `registry.test:${greeterPort}`],
    dialer,
    way: { namespace: 'threehops-system', address, port: at },
    mostBytes,
    token: () => `token-of-run-${(runs += 1)}`,
    metrics,
  });
}

interface Talk {
  readonly socket: Socket;
  /** Everything that comes until the other side ends it. */
  readonly said: Promise<string>;
}

const auth = (credentials: string): string =>
  `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
const authOf = (url: string): string => auth(`${new URL(url).username}:${new URL(url).password}`);

function talk(url: string, words: string): Talk {
  const { hostname, port: at } = new URL(url);
  const socket = connect(Number(at), hostname).on('error', () => undefined);
  socket.write(words);
  return { socket, said: text(socket).catch(() => '') };
}

const getWords = (host: string, path: string, headers: string): string =>
  `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;

/** The answer to a plain request by a proxy's URL. */
const get = (url: string, { host = `registry.test:${port}`, path = '/', headers = authOf(url) } = {}) =>
  talk(url, getWords(host, path, headers)).said;

const tunnelTo = (url: string, headers = authOf(url)): Talk =>
  talk(url, `CONNECT registry.test:${greeterPort} HTTP/1.1\r\nHost: registry.test:${greeterPort}\r\n${headers}\r\n`);

async function refusals(reason: string): Promise<number> {
  const sample = `threehops_check_proxy_refusals_total{reason="${reason}"} `;
  const line = (await metrics.text()).split('\n').find((one) => one.startsWith(sample));
  return Number(line?.slice(sample.length) ?? 0);
}

it('a run reaches a declared host with its token, which the host does not see', async () => {
  const { url } = await opened.open(forever);
  const answer = await get(url, { path: '/left-pad' });
  expect(answer).toContain(`package of registry.test:${port}`);
  expect(seen.map(({ url: asked, headers }) => [asked, headers['proxy-authorization']])).toEqual([
    ['/left-pad', undefined],
  ]);
});

it('a run reaches one by a tunnel, both ways', async () => {
  const { url } = await opened.open(forever);
  const { socket, said } = tunnelTo(url);
  await once(socket, 'data');
  socket.end(' world');
  expect(await said).toMatch(/^HTTP\/1\.1 200 Connection Established\r\n\r\nhello world$/);
});

it.each([
  ['no token', '', 'no-token'],
  ['another kind of credentials', 'Proxy-Authorization: Bearer token-of-run-1\r\n', 'no-token'],
  ['a wrong token', auth('checks:token-of-run-0'), 'wrong-token'],
  ['the beginning of one', auth('checks:token-of-run-'), 'wrong-token'],
  ['one and more', auth('checks:token-of-run-11'), 'wrong-token'],
  ['nothing for a token', auth('checks:'), 'wrong-token'],
])('with %s nothing is reached: it is refused and counted', async (_, headers, reason) => {
  const { url } = await opened.open(forever);
  expect(await get(url, { headers })).toMatch(/^HTTP\/1\.1 407 .*\r\nproxy-authenticate: Basic /s);
  const { said } = tunnelTo(url, headers);
  expect(await said).toMatch(/^HTTP\/1\.1 407 .*\r\nproxy-authenticate: Basic /s);
  expect(await refusals(reason)).toBe(2);
  expect([seen.length, held.size]).toEqual([0, 0]);
});

it('who is refused is hung up on, and cannot keep the connection', async () => {
  const { url } = await opened.open(forever);
  const { hostname, port: at } = new URL(url);
  const socket = connect({ host: hostname, port: Number(at), allowHalfOpen: true }).on('error', () => undefined);
  socket.resume().write(`CONNECT registry.test:${greeterPort} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'end');
  // We have not hung up: what we say now is answered with a reset.
  const isReset = async (): Promise<true | undefined> => {
    if (!socket.destroyed) socket.write('x');
    return socket.errored === null ? undefined : true;
  };
  await until('a reset', isReset, 5_000);
  expect(socket.errored).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
});

it('the token of a run is worth nothing after its end, and what is under way ends with it', async () => {
  const [first, second] = [await opened.open(forever), await opened.open(forever)];
  const { socket, said } = tunnelTo(first.url);
  await once(socket, 'data');
  const other = tunnelTo(second.url);
  await once(other.socket, 'data');
  first.close();
  await said;
  await until('its tunnel to end', async () => (held.size === 1 ? true : undefined), 5_000);
  expect(await get(first.url)).toMatch(/^HTTP\/1\.1 407 /);
  expect(await tunnelTo(first.url).said).toMatch(/^HTTP\/1\.1 407 /);
  expect(await refusals('wrong-token')).toBe(2);
  expect(await get(second.url)).toContain('package of');
  expect(other.socket.destroyed).toBe(false);
  second.close();
  await other.said;
});

it.each([
  ['a host that is not declared', () => 'evil.test:80', 403, 1],
  ['another port of a declared host', () => 'registry.test:1', 403, 1],
  ['the metadata address', () => '169.254.169.254', 403, 1],
])('a run does not reach %s', async (_, host, status, counted) => {
  const { url } = await opened.open(forever);
  expect(await get(url, { host: host() })).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(await refusals('host')).toBe(counted);
});

it('a declared host whose address the operator may not reach is not reached', async () => {
  await opened.close();
  opened = hostsWith({ cidrs: [] });
  const { url } = await opened.open(forever);
  expect(await get(url)).toMatch(/^HTTP\/1\.1 502 /);
  expect(await tunnelTo(url).said).toMatch(/^HTTP\/1\.1 403 /);
  expect([seen.length, held.size]).toEqual([0, 0]);
});

it('a flood of one run leaves room for the others', async () => {
  const [flooding, other] = [await opened.open(forever), await opened.open(forever)];
  const tunnels = Array.from({ length: 100 }, () => tunnelTo(flooding.url));
  const ended = { count: 0 };
  for (const { said } of tunnels) void said.then(() => (ended.count += 1));
  await until('the rest to be turned away', async () => (ended.count === 36 && held.size === 64 ? true : undefined));
  // As from another Pod, which has another address.
  const { port: at } = new URL(other.url);
  const socket = connect({ host: '127.0.0.1', port: Number(at), localAddress: '127.0.0.4' });
  socket.write(getWords(`registry.test:${port}`, '/', authOf(other.url)));
  expect(await text(socket)).toContain('package of');
  for (const tunnel of tunnels) tunnel.socket.destroy();
});

it('a token that others have got holds no more connections either', async () => {
  const { url } = await opened.open(forever);
  const { port: at } = new URL(url);
  const answers: Promise<string>[] = [];
  const sockets = Array.from({ length: 80 }, (_, index) => {
    const from = `127.0.0.${10 + (index % 4)}`;
    const socket = connect({ host: '127.0.0.1', port: Number(at), localAddress: from }).on('error', () => undefined);
    socket.write(`CONNECT registry.test:${greeterPort} HTTP/1.1\r\nHost: x\r\n${authOf(url)}\r\n`);
    answers.push(text(socket).catch(() => ''));
    return socket;
  });
  await until('16 to be refused', async () => ((await refusals('connections')) === 16 ? true : undefined));
  await until('64 to be held', async () => (held.size === 64 ? true : undefined));
  for (const socket of sockets) if (!socket.readableEnded) socket.end();
  const refused = (await Promise.all(answers)).filter((answer) => answer.startsWith('HTTP/1.1 429 '));
  expect(refused).toHaveLength(16);
});

it('who says nothing keeps nobody out for long', async () => {
  const { url } = await opened.open(forever);
  const { hostname, port: at } = new URL(url);
  const idle = Array.from({ length: 64 }, () => connect(Number(at), hostname).on('error', () => undefined));
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  const answer = async (): Promise<string | undefined> => {
    const said = await get(url);
    return said.includes('package of') ? said : undefined;
  };
  expect(await answer()).toBe(undefined);
  expect(await until('their time to be over', answer, 20_000)).toContain('package of');
  for (const socket of idle) socket.destroy();
}, 30_000);

it('a run hears and says no more bytes than it may, and others still do', async () => {
  await opened.close();
  opened = hostsWith({ mostBytes: 1_000_000 });
  const [first, second] = [await opened.open(forever), await opened.open(forever)];
  const cut = await get(first.url, { path: '/big' });
  expect(cut.length).toBeLessThan(1_000_000);
  expect(await get(first.url)).toMatch(/^HTTP\/1\.1 429 /);
  expect(await tunnelTo(first.url).said).toMatch(/^HTTP\/1\.1 429 /);
  expect(await refusals('bytes')).toBeGreaterThanOrEqual(3);
  const { socket, said } = tunnelTo(second.url);
  await once(socket, 'data');
  socket.write(Buffer.alloc(1_200_000, 'x'));
  expect((await said).length).toBeLessThan(1_000_000);
  const third = await opened.open(forever);
  const body = Buffer.alloc(1_200_000, 'x').toString();
  const words = `POST http://registry.test:${port}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n`;
  expect(await talk(third.url, `${words}${authOf(third.url)}\r\n${body}`).said).not.toContain('package of');
  const fourth = await opened.open(forever);
  expect(await get(fourth.url)).toContain('package of');
});

it('nothing listens before the first run, nor after the end; where nothing can, it is told, and tried again', async () => {
  const taken = createServer();
  const at = await listen(taken);
  const hosts = hostsWith({ at });
  await expect(hosts.open(forever)).rejects.toMatchObject({
    obstacle: 'NoWayToHosts',
    message: expect.stringContaining(`nothing can listen at 127.0.0.1, port ${at}`),
  });
  await closeServer(taken);
  const tried = connect(at, '127.0.0.1');
  expect((await once(tried, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  const { url } = await hosts.open(forever);
  expect(await get(url)).toContain('package of');
  await hosts.close();
  const after = connect(at, '127.0.0.1');
  expect((await once(after, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
});

it('the address may be of version 6', async () => {
  await opened.close();
  opened = hostsWith({ address: '::1' });
  const { url } = await opened.open(forever);
  expect(url).toMatch(/^http:\/\/checks:token-of-run-1@\[::1\]:\d+$/);
  const socket = connect({ host: '::1', port: Number(new URL(url).port) });
  socket.write(getWords(`registry.test:${port}`, '/', authOf(url)));
  expect(await text(socket)).toContain('package of');
});
