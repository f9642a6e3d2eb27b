import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noCredentials } from '../../../controller/mcp/credentials.ts';
import { createDialers } from '../../../controller/mcp/dialers.ts';
import { withDeclaredHosts } from '../../../controller/sandbox/declared-hosts.ts';
import type { SandboxRequest } from '../../../controller/sandbox/sandbox.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { openScene, type Scene } from './scene.ts';

const signal = AbortSignal.timeout(300_000);
const seen: IncomingMessage[] = [];
let scene: Scene;
let server: Server;
let port: number;
/** Of the same machine, and of no declaration. */
let other: Server;
let otherPort: number;
const reached: string[] = [];

beforeAll(async () => {
  scene = await openScene(signal);
  server = createServer((request, response) => {
    seen.push(request);
    response.end(`package of ${request.headers.host}`);
  });
  other = createServer((_request, response) => {
    reached.push('other');
    response.end('must not be reached');
  });
  [port, otherPort] = [await listen(server, '127.0.0.2'), await listen(other, '127.0.0.3')];
}, 120_000);
afterAll(async () => {
  scene.close();
  await closeServer(server);
  await closeServer(other);
});

const resolve = async (host: string) => [
  { address: host.startsWith('evil') ? '127.0.0.3' : '127.0.0.2', family: 4 as const },
];

function run(script: string, hosts: readonly string[], cidrs = ['127.0.0.2/32']) {
  const dialers = createDialers({ allow: { hosts: [], cidrs }, clock: systemClock, resolve });
  const dialer = dialers.dialerFor(noCredentials, 'Read');
  const request: SandboxRequest = {
    command: ['node', '-e', script],
    workdir: scene.workdir(),
    timeoutMs: 20_000,
    memoryMiB: 256,
    pids: 48,
    network: 'None',
  };
  return withDeclaredHosts(scene.sandbox, { hosts, dialer }).run(request, signal);
}

const get = (url: string) =>
  `fetch('${url}').then(async (r) => console.log(r.status, await r.text()), (e) => console.log('no', e.cause?.code ?? e.message))`;

it('a check reaches a declared host', async () => {
  const { output, exitCode } = await run(get(`http://registry.test:${port}/left-pad`), [`registry.test:${port}`]);
  expect(output).toBe(`200 package of registry.test:${port}\n`);
  expect(exitCode).toBe(0);
  expect(seen.at(-1)?.url).toBe('/left-pad');
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('threehops-proxy-'))).toEqual([]);
});

it('a check reaches one by a tunnel, as for what is encrypted', async () => {
  const greeter = createTcp((socket) => socket.end('hello')).listen(0, '127.0.0.2');
  await new Promise((listening) => greeter.once('listening', listening));
  const { port: tls } = greeter.address() as AddressInfo;
  const tunnel = `const s = require('net').connect(3128, '127.0.0.1'); s.write('CONNECT registry.test:${tls} HTTP/1.1\\r\\n\\r\\n'); s.on('data', (d) => process.stdout.write(d))`;
  const { output } = await run(tunnel, [`registry.test:${tls}`]);
  greeter.close();
  expect(output).toContain('200 Connection Established');
  expect(output).toContain('hello');
});

it.each([
  ['a host that is not declared', () => `http://evil.test:${otherPort}/`],
  ['another port of a declared host', () => `http://registry.test:${otherPort}/`],
  ['loopback by its address', () => `http://127.0.0.3:${otherPort}/`],
  ['the metadata address', () => 'http://169.254.169.254/latest/meta-data/'],
])('a check does not reach %s', async (_, url) => {
  const { output } = await run(get(url()), [`registry.test:${port}`]);
  expect(output).toMatch(/^(403 |no )/);
  expect(reached).toEqual([]);
});

it('a declared host whose address is refused is not reached', async () => {
  const { output } = await run(get(`http://evil.test:${otherPort}/`), [`evil.test:${otherPort}`]);
  expect(output).toMatch(/^502 /);
  const all = await run(get(`http://evil.test:${otherPort}/`), [`evil.test:${otherPort}`], ['127.0.0.3/32']);
  expect(all.output).toMatch(/^200 /);
  expect(reached.splice(0)).toEqual(['other']);
});

it('a declared host is not asked under the name of another', async () => {
  const smuggle = `const s = require('net').connect(3128, '127.0.0.1'); s.write('GET http://registry.test:${port}/ HTTP/1.1\\r\\nHost: internal.test\\r\\n\\r\\n'); s.on('data', (d) => process.stdout.write(d)); s.setTimeout(3000, () => s.destroy())`;
  const { output } = await run(smuggle, [`registry.test:${port}`]);
  expect(output).toContain(`package of registry.test:${port}`);
  expect(seen.at(-1)?.headers.host).toBe(`registry.test:${port}`);
});

it('without a declaration there is no proxy, and no way out', async () => {
  const { output } = await run(`console.log(process.env.HTTP_PROXY); ${get(`http://127.0.0.2:${port}/`)}`, []);
  expect(output).toBe('undefined\nno ECONNREFUSED\n');
});

it('the end of the command is its own: exit code, signal, and a program that is not there', async () => {
  const ended = async (command: readonly string[]) => {
    const request = {
      command,
      workdir: scene.workdir(),
      timeoutMs: 20_000,
      memoryMiB: 256,
      pids: 48,
      network: 'None' as const,
    };
    const dialer = createDialers({ allow: { hosts: [], cidrs: [] }, clock: systemClock }).dialerFor(
      noCredentials,
      'Read',
    );
    return (await withDeclaredHosts(scene.sandbox, { hosts: ['registry.test'], dialer }).run(request, signal)).exitCode;
  };
  expect(await ended(['sh', '-c', 'exit 7'])).toBe(7);
  expect(await ended(['sh', '-c', 'kill -TERM $$'])).toBe(143);
  expect(await ended(['/nowhere'])).toBe(127);
});
