import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { until } from '../parts/process.ts';
import { isAlive } from './memory-folder.ts';

/** Only what the shell's way needs, so that a machine with setpriv tests it too. */
const withoutSetpriv = mkdtempSync(join(tmpdir(), 'threehops-path-'));
for (const name of ['sh', 'sleep']) symlinkSync(pathOf(name), join(withoutSetpriv, name));
afterAll(() => rmSync(withoutSetpriv, { recursive: true, force: true }));

const library = import.meta.resolve('./bound-process.ts');
const script = (after: string) => `
  const { startBound } = await import(${JSON.stringify(library)});
  const { pid, stop } = await startBound('sleep', ['300'], {});
  process.stdout.write(String(pid));
  ${after}
`;

for (const [way, path] of [
  ['the kernel', process.env['PATH']],
  ['a shell', withoutSetpriv],
] as const) {
  test(`${way} ends it when its starter is killed`, async () => {
    const starter = run(script('process.stdout.end(); setInterval(() => undefined, 1000);'), path);
    const pid = Number(await text(starter.stdout));
    expect(isAlive(pid)).toBe(true);
    starter.kill('SIGKILL');
    await until('it to end', async () => (isAlive(pid) ? undefined : true));
  });

  test(`${way} holds its starter up no longer than the program runs`, async () => {
    const starter = run(script('await stop();'), path);
    const code = new Promise((resolve) => starter.once('exit', resolve));
    expect(Number(await text(starter.stdout))).toBeGreaterThan(0);
    expect(await code).toBe(0);
  });
}

function run(source: string, path: string | undefined) {
  return spawn(process.execPath, ['--input-type=module', '--eval', source], {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function pathOf(name: string): string {
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
}
