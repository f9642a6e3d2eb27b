import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { PartUnavailable } from './part.ts';
import { until } from './process.ts';
import { startService } from './service.ts';
import { unprivileged } from './unprivileged.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'threehops-service-'));
const { signal } = new AbortController();

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const users = {
  'this user': { privileges: [], stopSignal: 'SIGTERM' },
  'another user': { privileges: unprivileged(['nobody']).privileges, stopSignal: 'SIGINT' },
};

test.each(Object.entries(users))(
  'a service run by %s dies with the process that started it, even when that is killed',
  async (_name, user) => {
    const module = JSON.stringify(new URL('service.ts', import.meta.url).href);
    const options = JSON.stringify({ name: 'orphan', command: 'sleep', args: ['300'], dataDir, ...user });
    const program = `
    const { startService } = await import(${module});
    const { signal } = new AbortController();
    const service = await startService({ ...${options}, signal, ready: async () => true });
    console.log(service.pid);
    setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      createInterface(parent.stdout).once('line', (line) => resolve(Number(line))),
    );
    await until('setpriv to become the service', async () =>
      readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('sleep') ? true : undefined,
    );
    parent.kill('SIGKILL');
    expect(await until('the orphan to end', async () => (isAlive(pid) ? undefined : true))).toBe(true);
  },
);

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
