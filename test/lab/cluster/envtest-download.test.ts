import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeServer, listen } from '../parts/listen.ts';
import { downloadedFolder, downloadFolder } from './envtest-download.ts';
import { goPlatform } from './versions.ts';

const { os, arch } = goPlatform();
const name = (version: string) => `envtest-${version}-${os}-${arch}.tar.gz`;
const waiting = { signal: new AbortController().signal, progress: () => undefined };
let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-envtest-'));
  vi.stubEnv('THREEHOPS_CACHE', join(folder, 'cache'));
  vi.stubEnv('KUBEBUILDER_ASSETS', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  if (server !== undefined) await closeServer(server);
  rmSync(folder, { recursive: true, force: true });
});

test('takes the newest patch of the series, checks it, and keeps it', async () => {
  const archive = archiveOf('the real ones');
  const url = await serve(publisher(archive, sha512(archive)));
  expect(await downloadedFolder()).toBeUndefined();
  const found = await downloadFolder(waiting, `${url}/index.yaml`);
  expect(found).toContain('v1.36.2');
  expect(readFileSync(join(found, 'kubectl'), 'utf8')).toBe('the real ones');
  expect(await downloadedFolder()).toBe(found);
});

test('an archive with another digest is refused and leaves nothing', async () => {
  const url = await serve(publisher(archiveOf('tampered with'), sha512(archiveOf('the real ones'))));
  await expect(downloadFolder(waiting, `${url}/index.yaml`)).rejects.toThrow('SHA-512');
  expect(await downloadedFolder()).toBeUndefined();
});

test('an index that never answers is given up after 5 s', async () => {
  const url = await serve(() => undefined);
  const begin = performance.now();
  await expect(downloadFolder(waiting, url)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(performance.now() - begin).toBeLessThan(8000);
});

test('an abort ends the wait for an archive that does not come', async () => {
  const interrupt = new AbortController();
  const asked = downloadFolder(
    { ...waiting, signal: interrupt.signal },
    `${await serve(stalling(interrupt))}/index.yaml`,
  );
  await expect(asked).rejects.toThrow('Ctrl-C');
});

function archiveOf(content: string): Buffer {
  const programs = join(folder, 'controller-tools', 'envtest');
  mkdirSync(programs, { recursive: true });
  for (const program of ['etcd', 'kube-apiserver', 'kubectl']) writeFileSync(join(programs, program), content);
  expect(spawnSync('tar', ['-czf', 'archive.tar.gz', 'controller-tools'], { cwd: folder }).status).toBe(0);
  return readFileSync(join(folder, 'archive.tar.gz'));
}

function sha512(archive: Buffer): string {
  return createHash('sha512').update(archive).digest('hex');
}

function publisher(archive: Buffer, hash: string): RequestListener {
  return (request, response) => {
    const host = `http://${request.headers.host}`;
    response.end(request.url === '/index.yaml' ? index(host, hash) : archive);
  };
}

function stalling(interrupt: AbortController): RequestListener {
  return (request, response) => {
    if (request.url === '/index.yaml') response.end(index(`http://${request.headers.host}`, ''));
    else interrupt.abort(new Error('Ctrl-C'));
  };
}

/** JSON is YAML. Older and newer series are there to be passed over. */
function index(host: string, hash: string): string {
  const releases = ['v1.35.9', 'v1.36.0', 'v1.36.2', 'v1.37.0'].map((version) => [
    version,
    { [name(version)]: { hash, selfLink: `${host}/${version}` } },
  ]);
  return JSON.stringify({ releases: Object.fromEntries(releases) });
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  return `http://127.0.0.1:${await listen(server)}`;
}
