import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { PartUnavailable } from './part.ts';
import { until } from './process.ts';
import { startService } from './service.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'threehops-service-'));
const { signal } = new AbortController();

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('a service dies with the process that started it, even when that is killed', async () => {
  const module = JSON.stringify(new URL('service.ts', import.meta.url).href);
  const program = `
    const { startService } = await import(${module});
    const { signal } = new AbortController();
    const service = await startService({ name: 'orphan', command: 'sleep', args: ['300'], dataDir: ${JSON.stringify(dataDir)}, signal, ready: async () => true });
    console.log(service.pid);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) =>
    createInterface(parent.stdout).once('line', (line) => resolve(Number(line))),
  );
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until('the orphan to end', async () => (isAlive(pid) ? undefined : true));
});

test('a service that ends at once is reported with the end of its log', async () => {
  const args = ['-c', 'echo the disk is full; exit 3'];
  const failure = startService({ name: 'early', command: 'sh', args, dataDir, signal, ready: async () => false });
  await expect(failure).rejects.toThrow(PartUnavailable);
  await expect(failure).rejects.toThrow(/early ended with code 3 [^]*the disk is full/);
});

test('a service that never answers is stopped and reported', async () => {
  const options = { name: 'mute', command: 'sleep', args: ['300'], dataDir, signal, timeoutMs: 200 };
  await expect(startService({ ...options, ready: async () => false })).rejects.toThrow('did not answer within 200 ms');
});

test('aborting stops a running service', async () => {
  const control = new AbortController();
  const options = { name: 'abort', command: 'sleep', args: ['300'], dataDir, signal: control.signal };
  const service = await startService({ ...options, ready: async () => true });
  control.abort();
  expect(await service.exited).toBe(128 + 15);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
