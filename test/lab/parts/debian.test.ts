import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { debianBinary, debianProgram } from './debian.ts';
import { PartUnavailable } from './part.ts';
import { run } from './run.ts';

const { signal } = new AbortController();
const options = { signal, progress: () => undefined };

test('bubblewrap is unpacked and runs a program without a network', async () => {
  const bwrap = await debianProgram('bwrap', { ...options, ignorePath: true });
  expect(bwrap.root).toBeDefined();
  const args = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-all', '--die-with-parent'];
  const env = { ...process.env, ...bwrap.env };
  const networks = await run(bwrap.path, [...args, 'cat', '/proc/net/route'], { signal, env });
  expect(networks.trim().split('\n')).toHaveLength(1);
}, 300_000);

test('a library that the program needs is found in what was unpacked', async () => {
  const redis = await debianProgram('redis-server', { ...options, ignorePath: true });
  expect(existsSync(redis.env['LD_LIBRARY_PATH']?.split(':')[0] ?? '')).toBe(true);
  expect(await run(redis.path, ['--version'], { signal, env: { ...process.env, ...redis.env } })).toMatch(
    /^Redis server v=\d/,
  );
}, 300_000);

test('a program on PATH is used as it is', async () => {
  expect(await debianBinary('sh', ['dash'], options)).toMatchObject({ root: undefined, env: {} });
});

test('a package that does not exist is named by the error', async () => {
  const failure = debianBinary('no-such-program', ['no-such-package-anywhere'], options);
  await expect(failure).rejects.toThrow(PartUnavailable);
  await expect(failure).rejects.toThrow('install the package no-such-package-anywhere');
}, 300_000);
