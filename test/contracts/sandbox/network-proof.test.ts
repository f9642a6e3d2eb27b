import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bashTry, nodeTry, prepare, pythonTry } from '../../../controller/sandbox/job/scripts.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { onPath } from '../../lab/parts/on-path.ts';

let server: Server;
let open: string;
let closed: string;
const folders: string[] = [];

beforeAll(async () => {
  server = createServer();
  open = String(await listen(server));
  const gone = createServer();
  closed = String(await listen(gone));
  await closeServer(gone);
});
afterAll(async () => {
  await closeServer(server);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, said: (out + err).trim() };
}

const tries: Readonly<Record<string, (host: string, port: string) => ReturnType<typeof run>>> = {
  node: (host, port) => run('node', ['-e', nodeTry, host, port]),
  python3: (host, port) => run('python3', ['-c', pythonTry, host, port]),
  bash: (host, port) => run('bash', ['-c', bashTry, 'bash', host, port]),
};

test.each(Object.keys(tries))('%s tells an open port from a closed one', async (name) => {
  const attempt = tries[name];
  expect((await attempt?.('127.0.0.1', open))?.said).toBe('open');
  expect((await attempt?.('127.0.0.1', closed))?.said).toBe('closed');
});

test.each(['node', 'python3'])('%s takes what it cannot look up for no proof', async (name) => {
  expect((await tries[name]?.('nowhere.invalid', open))?.said).not.toMatch(/^(open|closed)$/);
});

/** What is called python3 may be a script that looks for one. */
function pathOf(name: string): string {
  if (name !== 'python3') return onPath(name) ?? `/missing/${name}`;
  return spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout.toString().trim();
}

const unpacking = ['sleep', 'cat', 'tar', 'gzip', 'grep'];

/** The script of a run's first container, where there are these programs and no others; there is no archive to unpack here. */
function prepareWith(programs: readonly string[], apiServer: { readonly host?: string; readonly port?: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'threehops-programs-'));
  folders.push(folder);
  for (const name of [...unpacking, ...programs]) symlinkSync(pathOf(name), join(folder, name));
  const env = { PATH: folder, KUBERNETES_SERVICE_HOST: apiServer.host, KUBERNETES_SERVICE_PORT: apiServer.port };
  return run('/bin/sh', ['-c', prepare, 'prepare', nodeTry, pythonTry, bashTry], env);
}

test.each([[['node']], [['python3']], [['bash', 'timeout']]])(
  'with %s it goes on to unpack where the network is closed',
  async (programs) => {
    const { code, said } = await prepareWith(programs, { host: '127.0.0.1', port: closed });
    expect(said).toMatch(/threehops\/tree/);
    expect([0, 42, 43]).not.toContain(code);
  },
);

test.concurrent.each([[['node']], [['python3']], [['bash', 'timeout']]])(
  'with %s it stops where the network stays open',
  async (programs) => {
    const { code, said } = await prepareWith(programs, { host: '127.0.0.1', port: open });
    expect(said).toBe(`the API server at 127.0.0.1:${open} can be reached from the Pod`);
    expect(code).toBe(42);
  },
);

test('it stops where nothing can be proven: no program, no address, a program that does not work', async () => {
  const address = { host: '127.0.0.1', port: closed };
  expect(await prepareWith([], address)).toEqual({
    code: 43,
    said: 'it cannot be proven that the network is closed: the image has none of node, python3, bash with timeout',
  });
  expect(await prepareWith(['node'], {})).toMatchObject({ code: 43 });
  const folder = mkdtempSync(join(tmpdir(), 'threehops-programs-'));
  folders.push(folder);
  for (const name of unpacking) symlinkSync(pathOf(name), join(folder, name));
  symlinkSync('/bin/false', join(folder, 'node'));
  const env = { PATH: folder, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: closed };
  expect(await run('/bin/sh', ['-c', prepare, 'prepare', nodeTry, pythonTry, bashTry], env)).toMatchObject({
    code: 43,
  });
});
