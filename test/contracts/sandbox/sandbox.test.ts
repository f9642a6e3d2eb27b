import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { bubblewrapSandbox } from '../../../controller/sandbox/bubblewrap-sandbox.ts';
import type { Sandbox, SandboxRequest } from '../../../controller/sandbox/sandbox.ts';
import { debianProgram } from '../../lab/parts/debian.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { until } from '../../lab/parts/process.ts';

const signal = AbortSignal.timeout(300_000);
let sandbox: Sandbox;
let root: string;
let workdir: string;
let server: Server;
let port: number;
let requests = 0;

beforeAll(async () => {
  const bwrap = await debianProgram('bwrap', { signal, progress: () => undefined });
  sandbox = bubblewrapSandbox({ bwrap: bwrap.path, bwrapEnv: bwrap.env, clock: systemClock });
  root = mkdtempSync(join(tmpdir(), 'threehops-sandbox-test-'));
  server = createServer((_, response) => {
    requests += 1;
    response.end('reached');
  });
  port = await listen(server);
}, 120_000);
afterAll(async () => {
  await closeServer(server);
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  workdir = mkdtempSync(join(root, 'work-'));
});

function run(command: readonly string[], more: Partial<SandboxRequest> = {}, stop: AbortSignal = signal) {
  const request = { command, workdir, timeoutMs: 20_000, memoryMiB: 256, pids: 64, network: 'None' as const };
  return sandbox.run({ ...request, ...more }, stop);
}
const node = (script: string, more?: Partial<SandboxRequest>) => run(['node', '-e', script], more);
const shell = (script: string, more?: Partial<SandboxRequest>) => run(['sh', '-c', script], more);

/** Processes of the machine whose command line has the mark. */
function processesWith(mark: string): number {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
  return lines.filter((line) => line.includes(mark)).length;
}

const groups = () =>
  ['memory', 'pids', 'cpu'].flatMap((name) => {
    const own =
      readFileSync('/proc/self/cgroup', 'utf8')
        .split('\n')
        .find((line) => line.split(':')[1] === name)
        ?.split(':')[2] ?? '/';
    const folder = join('/sys/fs/cgroup', name, own);
    return existsSync(folder)
      ? readdirSync(folder).filter((entry) => entry.startsWith(`threehops-sandbox-${process.pid}-`))
      : [];
  });

describe('the sandbox', () => {
  it('is available here, and says why it is not', async () => {
    expect(await sandbox.available(signal)).toBeUndefined();
    const without = bubblewrapSandbox({ bwrap: '/nowhere/bwrap', clock: systemClock });
    expect(await without.available(signal)).toMatchObject({ obstacle: 'NoBubblewrap' });
    const broken = bubblewrapSandbox({ bwrap: '/bin/false', clock: systemClock });
    expect(await broken.available(signal)).toMatchObject({ obstacle: 'BubblewrapFails' });
    const request = { command: ['true'], workdir, timeoutMs: 1_000, memoryMiB: 64, pids: 8, network: 'None' as const };
    await expect(without.run(request, signal)).rejects.toMatchObject({ obstacle: 'NoBubblewrap' });
  });

  it('is found by its bare name on PATH', async () => {
    const { path, env } = await debianProgram('bwrap', { signal, progress: () => undefined });
    const named = bubblewrapSandbox({ bwrap: basename(path), bwrapEnv: env, clock: systemClock });
    vi.stubEnv('PATH', dirname(path));
    expect(await named.available(signal)).toBeUndefined();
    vi.stubEnv('PATH', '/nowhere');
    expect(await named.available(signal)).toMatchObject({ obstacle: 'NoBubblewrap' });
    vi.unstubAllEnvs();
  });

  it('runs a command in its folder and gives its exit code and output', async () => {
    writeFileSync(join(workdir, 'in.txt'), 'hello');
    const result = await shell('cat in.txt; echo out > made.txt; echo err >&2; exit 7');
    expect(result).toEqual({ exitCode: 7, output: 'helloerr\n', truncatedBytes: 0, timedOut: false, oomKilled: false });
    expect(readFileSync(join(workdir, 'made.txt'), 'utf8')).toBe('out\n');
    expect(statSync(join(workdir, 'made.txt')).uid).not.toBe(0);
  });

  it('runs our node, and npm, without a network', async () => {
    writeFileSync(
      join(workdir, 'package.json'),
      JSON.stringify({ name: 'x', version: '1.0.0', scripts: { test: 'node --test' } }),
    );
    writeFileSync(join(workdir, 'a.test.mjs'), "import { test } from 'node:test'; test('fine', () => {});");
    const result = await run(['npm', 'test'], { memoryMiB: 512 });
    expect(result.output).toMatch(/pass 1/);
    expect(result.exitCode).toBe(0);
    expect((await node('console.log(process.version)')).output.trim()).toBe(process.version);
  });

  it('is another user, without groups, capabilities or a way to gain them', async () => {
    const { output } = await shell('id -u; id -G; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status');
    const [uid, groupIds, ...status] = output.trim().split('\n');
    expect(uid).not.toBe('0');
    expect(groupIds).not.toContain('0');
    expect(status.join(' ').replaceAll(/\s+/g, ' ')).toMatch(/CapEff: 0+ .*NoNewPrivs: 1/);
  });

  it('cannot read what is outside', async () => {
    const planted = join(root, 'secret.txt');
    writeFileSync(planted, 'the secret', { mode: 0o644 });
    symlinkSync(planted, join(workdir, 'link'));
    const { output } = await shell(
      `cat ${planted} link /etc/shadow /proc/1/environ /root/.bashrc; ls / /home /root /var /work /proc`,
    );
    expect(output).not.toContain('the secret');
    expect(output).not.toContain(process.env['PATH'] ?? 'no path');
    expect(output.match(/No such file|Permission denied/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('cannot write outside its folder and /tmp', async () => {
    const script =
      'for d in / /usr /etc /opt /opt/threehops-node /bin /dev /proc; do echo x > $d/planted && echo wrote $d; done; echo ok > /tmp/fine && echo done';
    const { output } = await shell(script);
    expect(output).not.toMatch(/wrote/);
    expect(output).toMatch(/done/);
    expect(existsSync('/usr/planted') || existsSync('/tmp/fine')).toBe(false);
  });

  it('shows folders of ours read-only', async () => {
    const shown = mkdtempSync(join(root, 'shown-'));
    chmodSync(shown, 0o755);
    writeFileSync(join(shown, 'lib.txt'), 'library');
    const result = await shell('cat /lib-of-ours/lib.txt; echo x > /lib-of-ours/y', {
      readOnly: [{ from: shown, to: '/lib-of-ours' }],
    });
    expect(result.output).toMatch(/library.*(Read-only|Permission denied)/s);
    expect(readdirSync(shown)).toEqual(['lib.txt']);
  });

  it('sees no environment but its own', async () => {
    process.env['THREEHOPS_TEST_TOKEN'] = 'must not be seen';
    const { output } = await run(['env'], { env: { CI: '1', PATH: '/evil', HOME: '/evil' } });
    delete process.env['THREEHOPS_TEST_TOKEN'];
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
      .filter((name) => name !== 'PWD');
    expect(new Set(names)).toEqual(new Set(['CI', 'HOME', 'LANG', 'PATH', 'TMPDIR']));
    expect(output).not.toContain('/evil');
  });

  it('shows no variable in the arguments of any process', async () => {
    const value = `sesame-${process.pid}`;
    const request = {
      command: ['sh', '-c', 'echo "$TOKEN"; cat'],
      workdir,
      memoryMiB: 64,
      pids: 8,
      network: 'None' as const,
    };
    const started = await sandbox.start({ ...request, env: { TOKEN: value } }, signal);
    const [said] = (await once(started.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe(`${value}\n`);
    expect(processesWith(value)).toBe(0);
    await started.kill();
  });

  it('starts nothing for one who has given up meanwhile, and leaves no group', async () => {
    const stop = new AbortController();
    const request = { command: ['cat'], workdir, memoryMiB: 64, pids: 8, network: 'None' as const };
    const look = vi.spyOn(stop.signal, 'throwIfAborted');
    // Not before its first look at the signal, but right after it.
    look.mockImplementationOnce(() => stop.abort(new Error('given up')));
    await expect(sandbox.start(request, stop.signal)).rejects.toThrow('given up');
    expect(look).toHaveBeenCalledTimes(2);
    expect(groups()).toEqual([]);
  });

  it('cannot reach a server on the machine’s loopback', async () => {
    const { output } = await node(
      `fetch('http://127.0.0.1:${port}/').then((r) => console.log('status', r.status), (e) => console.log('no', e.cause?.code))`,
    );
    expect(output).toMatch(/^no E/);
    expect(requests).toBe(0);
  });

  it('cannot see or signal the machine’s processes', async () => {
    const { output } = await shell(`ls /proc | grep -c '^[0-9]'; kill -0 ${process.pid} && echo alive`);
    expect(Number(output.split('\n')[0])).toBeLessThan(10);
    expect(output).not.toContain('alive');
  });

  it('is killed at its memory limit, /tmp included', async () => {
    const heap = await node('const a = []; for (;;) a.push(Buffer.alloc(8 << 20, 1))', { memoryMiB: 128 });
    expect(heap).toMatchObject({ oomKilled: true, timedOut: false });
    expect(heap.exitCode).not.toBe(0);
    const file = await shell('cat /dev/zero > /tmp/big; echo survived', { memoryMiB: 64 });
    expect(file.oomKilled || /No space left/.test(file.output)).toBe(true);
  });

  it('bounds a fork bomb, and leaves nothing of it', async () => {
    const mark = `bomb-${process.pid}`;
    const script = `: ${mark}; f() { sh -c ": ${mark}; sleep 30" & f; }; f`;
    const result = await shell(script, { pids: 24, timeoutMs: 5_000 });
    expect(result.output).toMatch(/fork|Resource temporarily unavailable|Cannot fork/i);
    await until('no process of the bomb', async () => (processesWith(mark) === 0 ? true : undefined), 5_000);
    expect(groups()).toEqual([]);
  });

  it('kills everything when the time is over, children in sessions of their own included', async () => {
    const mark = `late-${process.pid}`;
    const began = performance.now();
    const result = await shell(`setsid sh -c ': ${mark}; sleep 60' & sh -c ': ${mark}; trap "" TERM; sleep 60'`, {
      timeoutMs: 1_500,
    });
    expect(result).toMatchObject({ timedOut: true, exitCode: 137 });
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(processesWith(mark)).toBe(0);
    expect(groups()).toEqual([]);
  });

  it('kills everything when it is called off', async () => {
    const mark = `off-${process.pid}`;
    const stop = new AbortController();
    const running = run(['sh', '-c', `: ${mark}; sleep 60; true`], {}, stop.signal);
    await until('the command', async () => (processesWith(mark) > 0 ? true : undefined));
    stop.abort(new Error('called off'));
    await expect(running).rejects.toThrow('called off');
    expect(processesWith(mark)).toBe(0);
    expect(groups()).toEqual([]);
  });

  it('does not follow links out of the folder when it gives it away', async () => {
    const outside = mkdtempSync(join(root, 'outside-'));
    const before = statSync(outside).uid;
    mkdirSync(join(workdir, 'sub'));
    symlinkSync(outside, join(workdir, 'sub', 'out'));
    await shell('true');
    expect(statSync(outside).uid).toBe(before);
  });
});
