import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../lab/parts/process.ts';
import { openScene, processesWith, type Scene } from './scene.ts';

const canary = `canary-${process.pid}-${Math.random().toString(36).slice(2)}`;
let scene: Scene;

beforeAll(async () => {
  scene = await openScene(AbortSignal.timeout(600_000));
}, 120_000);
afterAll(() => scene.close());

describe('reading outside', () => {
  let file: string;
  beforeAll(() => {
    const folder = join(scene.root, 'open');
    mkdirSync(folder, { mode: 0o755 });
    file = join(folder, 'canary.txt');
    writeFileSync(file, canary, { mode: 0o644 });
    process.env['THREEHOPS_CANARY'] = canary;
  });
  afterAll(() => void delete process.env['THREEHOPS_CANARY']);

  it.each<[string, (path: string) => string]>([
    ['a file that everybody may read', (path) => path],
    ['it by the way up', (path) => `/workspace/../..${path}`],
    ["it by one's own root", (path) => `/proc/self/root${path}`],
    ["it by the first process' root", (path) => `/proc/1/root${path}`],
    ["it by the operator's root", (path) => `/proc/${process.pid}/root${path}`],
    ["the operator's environment", () => `/proc/${process.pid}/environ`],
    ["the first process' environment", () => '/proc/1/environ'],
    ["the operator's arguments", () => `/proc/${process.pid}/cmdline`],
    ['the passwords', () => '/etc/shadow'],
    ["a ServiceAccount's token", () => '/var/run/secrets/kubernetes.io/serviceaccount/token'],
    ['a kubeconfig', () => '/root/.kube/config'],
    ["the machine's memory", () => '/proc/kcore'],
    ['the names that it resolves by', () => '/etc/resolv.conf'],
    ['its control groups', () => '/sys/fs/cgroup/memory/cgroup.procs'],
  ])('gives nothing: %s', async (_, at) => {
    const { output, exitCode } = await scene.shell(`cat '${at(file)}'`);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/^cat: .*(No such file|Permission denied|Not a directory|Operation not permitted)/);
    expect(output).not.toContain(canary);
  });

  it('through a link that was laid out in the tree gives nothing', async () => {
    const workdir = scene.workdir();
    symlinkSync(file, join(workdir, 'link'));
    expect((await scene.shell('cat link', { workdir })).output).toContain('No such file');
  });

  it('finds no file of that name anywhere, nor a socket or device that is not everybody’s', async () => {
    const search = `find / -xdev -name 'canary*' -o -type s -o -type b 2>/dev/null; ls /dev`;
    const { output } = await scene.shell(search, { timeoutMs: 60_000 });
    const devices = output.trim().split('\n').toSorted();
    expect(devices).toEqual([
      'core',
      'fd',
      'full',
      'null',
      'ptmx',
      'pts',
      'random',
      'shm',
      'stderr',
      'stdin',
      'stdout',
      'tty',
      'urandom',
      'zero',
    ]);
  });

  it('is possible in its own folder, by the same means', async () => {
    const workdir = scene.workdir();
    writeFileSync(join(workdir, 'canary.txt'), canary);
    expect((await scene.shell('cat /workspace/canary.txt', { workdir })).output).toBe(canary);
  });

  it('of what the operator was started with open gives nothing', async () => {
    const operator = scene.elsewhere('readlink /proc/$$/fd/200; cat /proc/$$/fd/200; echo end', file);
    expect(await text(operator.stdout)).toBe('/dev/null\nend\n');
  });
});

describe('writing outside', () => {
  it.each([
    ['through a link', `ln -s $OUT out && echo owned > out`],
    ['through a folder that is a link', `ln -s $(dirname $OUT) there && echo owned > there/canary.txt`],
    ['by a hard link', 'ln $OUT hard || ln /usr/bin/env hard && echo owned >> hard'],
    ['by a hard link to a program, from /tmp', 'ln /usr/bin/env /tmp/env && echo owned >> /tmp/env'],
    ['to a device of its own', 'mknod disk b 8 0 || mknod disk c 1 1'],
    ['by a mount', 'mount -t tmpfs none /tmp || mount --bind /tmp /usr'],
    ['by mounting the root anew', 'mount -o remount,rw /'],
    ['to the kernel', 'echo x > /proc/sys/kernel/core_pattern || echo 1 > /proc/sys/kernel/panic'],
    ['to the machine’s emergency switch', 'echo b > /proc/sysrq-trigger'],
    ['to another root', 'mkdir -p r && chroot r /'],
    ['to programs', 'cp /bin/true /usr/bin/env || cp /bin/true /opt/threehops-node/node'],
    ['to the own protection from memory’s end', 'echo -1000 > /proc/self/oom_score_adj'],
  ])('does not succeed %s', async (_, script) => {
    const folder = join(scene.root, `kept-${Math.random().toString(36).slice(2)}`);
    mkdirSync(folder, { mode: 0o777 });
    writeFileSync(join(folder, 'canary.txt'), 'as it was', { mode: 0o666 });
    const before = statSync('/usr/bin/env');
    const { exitCode } = await scene.shell(script, { env: { OUT: join(folder, 'canary.txt') } });
    expect(exitCode).not.toBe(0);
    expect(readdirSync(folder)).toEqual(['canary.txt']);
    expect(readFileSync(join(folder, 'canary.txt'), 'utf8')).toBe('as it was');
    expect(statSync('/usr/bin/env')).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs, nlink: before.nlink });
  });

  it('is possible in its own folder, by the same means', async () => {
    const workdir = scene.workdir();
    writeFileSync(join(workdir, 'canary.txt'), 'as it was', { mode: 0o666 });
    await scene.shell('ln -s canary.txt out && echo owned > out && ln canary.txt hard', { workdir });
    expect(readFileSync(join(workdir, 'hard'), 'utf8')).toBe('owned\n');
  });
});

describe('the network', () => {
  it('loopback is reached by TCP, UDP and abstract sockets neither', async () => {
    const seen: string[] = [];
    const tcp = createServer((socket) => (seen.push('tcp'), socket.end())).listen(0, '127.0.0.1');
    const name = `\0threehops-${canary}`;
    const abstract = createServer((socket) => (seen.push('abstract'), socket.end())).listen(name);
    const udp = createSocket('udp4', () => seen.push('udp')).bind(0, '127.0.0.1');
    await Promise.all([once(tcp, 'listening'), once(abstract, 'listening'), once(udp, 'listening')]);
    const { port } = tcp.address() as { port: number };
    const attack = `
      const net = require('net'), udp = require('dgram').createSocket('udp4');
      const tried = (to) => new Promise((done) => net.connect(to).on('connect', () => done('in')).on('error', (e) => done(e.code)));
      (async () => {
        const sent = await new Promise((done) => udp.send('x', ${udp.address().port}, '127.0.0.1', () => done('sent')));
        console.log(await tried({ port: ${port}, host: '127.0.0.1' }), await tried({ path: '\\0threehops-${canary}' }), sent);
        udp.close();
      })();`;
    const { output } = await scene.node(attack);
    expect(output.trim()).toBe('ECONNREFUSED ECONNREFUSED sent');
    // The same from here arrives: what the attack did would have been seen.
    const own = createSocket('udp4');
    own.send('x', udp.address().port, '127.0.0.1');
    await until('the own datagram', async () => (seen.includes('udp') ? true : undefined));
    expect(seen).toEqual(['udp']);
    for (const one of [tcp, abstract, udp, own]) one.close();
  });

  it.each([
    ['the metadata address', '169.254.169.254'],
    ['the metadata address by IPv6', 'fd00:ec2::254'],
    ['the API server’s usual address', '10.96.0.1'],
    ['an address of documentation', '192.0.2.1'],
  ])('there is no way to %s', async (_, host) => {
    const attack = `require('net').connect({ port: 80, host: '${host}' }).on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`;
    expect((await scene.node(attack)).output).toMatch(/^(ENETUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT)/);
  });

  it('there is one interface, which leads nowhere, and no route', async () => {
    const { output } = await scene.shell(`sed '1,2d' /proc/net/dev | cut -d: -f1; sed 1d /proc/net/route`);
    expect(output.trim()).toBe('lo');
  });

  it.each([
    ['the hypervisor (vsock)', 40],
    ['the wire (packets)', 17],
    ['the kernel’s ciphers', 38],
    ['bluetooth', 31],
  ])('no socket is made for %s', async (_, family) => {
    const { output } = await scene.perl(
      `print socket(my $s, ${family}, 1, 0) ? "made" : $!{EAFNOSUPPORT} ? "none" : $!`,
    );
    expect(output).toBe('none');
    expect((await scene.perl('print socket(my $s, 2, 1, 0) ? "made" : $!')).output).toBe('made');
  });
});

describe('tricks of the kernel', () => {
  const numbers = {
    x64: { keyctl: 250, add_key: 248, unshare: 272, ptrace: 101, bpf: 321 },
    arm64: { keyctl: 219, add_key: 217, unshare: 97, ptrace: 117, bpf: 280 },
  };
  const nr = numbers[process.arch as keyof typeof numbers];

  it('there is no user namespace to be root in', async () => {
    for (const flags of ['-U', '-Ur', '-m', '-n', '-p']) {
      const { exitCode, output } = await scene.run(['unshare', flags, 'true']);
      expect(exitCode, `${output}`).not.toBe(0);
      expect(output).toContain('Operation not permitted');
    }
    expect((await scene.run(['true'])).exitCode).toBe(0);
  });

  it('keys are neither read nor left', async () => {
    const { output } = await scene.perl(
      `syscall(${nr.keyctl}, 0, -3, 0); print $!{EPERM} ? "no " : "yes ";
       my ($t, $n, $v) = ("user", "k", "v"); syscall(${nr.add_key}, $t, $n, $v, 1, -3); print $!{EPERM} ? "no" : "yes";`,
    );
    expect(output).toBe('no no');
  });

  it('the first process is not traced, nor programs loaded into the kernel', async () => {
    const { output } = await scene.perl(
      `print syscall(${nr.ptrace}, 16, 1, 0, 0) == -1 ? "no " : "yes "; print syscall(${nr.bpf}, 0, 0, 0) == -1 ? "no" : "yes";`,
    );
    expect(output).toBe('no no');
  });

  it('no words are put into a terminal', async () => {
    const { output } = await scene.perl(
      `open(my $tty, "+<", "/dev/tty") and print "a terminal "; open(my $m, "+<", "/dev/ptmx") or die "no pty: $!";
       my $c = "x"; print ioctl($m, 0x5412, $c) ? "put" : $!{EPERM} ? "refused" : $!;`,
    );
    expect(output).toBe('refused');
  });

  it('another namespace is not entered, nor the first process ended', async () => {
    const { output, exitCode } = await scene.shell('nsenter -t 1 -m true || nsenter -t 1 -p true || kill -9 1');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/Permission denied|Operation not permitted/);
  });

  it('a program of another owner stays without his rights', async () => {
    const { output } = await scene.shell(
      'cp /usr/bin/id . && chmod 6755 id && ./id -u; grep NoNewPrivs /proc/self/status',
    );
    expect(output).toMatch(/^65534\nNoNewPrivs:\s1/);
  });
});

describe('outliving the operator', () => {
  it.each([
    ['as it is', 'sleep 300'],
    ['in a session of its own', 'setsid sh -c ": $MARK; sleep 300" & sleep 300'],
    ['forked twice, deaf to signals', `(setsid sh -c ": $MARK; trap '' TERM HUP INT; sleep 300 & wait" &) & sleep 300`],
  ])('a command ends with it, though it is killed (%s)', async (_, script) => {
    const mark = `orphan-${canary}-${Math.random().toString(36).slice(2)}`;
    const operator = scene.elsewhere(`: ${mark}; ${script.replaceAll('$MARK', mark)}`);
    const bwrap = () => processesWith(mark).filter((pid) => pid !== operator.pid);
    await until('the command', async () => (bwrap().length >= 3 ? true : undefined), 20_000);
    operator.kill('SIGKILL');
    await until('the end of all', async () => (processesWith(mark).length === 0 ? true : undefined), 10_000);
    expect(processesWith(mark)).toEqual([]);
  });
});

describe('using up the machine', () => {
  it('a fork bomb has as many processes as it may, and all of them end', async () => {
    const mark = `bomb-${canary}`;
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, processesWith(mark).length)), 20);
    // What cannot fork any more ends; whoever is left stays for as long as it takes to count them.
    const result = await scene.shell(`: ${mark}; b() { sh -c ": ${mark}; sleep 60" & b; }; (b); exec sleep 1`, {
      pids: 20,
      timeoutMs: 4_000,
    });
    clearInterval(looking);
    expect(result.output).toMatch(/fork|Resource temporarily unavailable/i);
    expect(most).toBeGreaterThan(2);
    // Outside the group there are bubblewrap's own two and the shell that started them, all with the command line.
    expect(most).toBeLessThanOrEqual(20 + 3);
    await until('the end of all', async () => (processesWith(mark).length === 0 ? true : undefined), 5_000);
  });

  it.each([
    ['heap', `const a = []; for (;;) a.push(Buffer.alloc(8 << 20, 1))`],
    [
      'files in /tmp',
      `const fs = require('fs'); for (let n = 0; ; n++) fs.writeFileSync('/tmp/' + n, Buffer.alloc(8 << 20, 1))`,
    ],
    [
      'files in /dev/shm',
      `const fs = require('fs'); for (let n = 0; ; n++) fs.writeFileSync('/dev/shm/' + n, Buffer.alloc(8 << 20, 1))`,
    ],
  ])('a memory bomb of %s is killed at its limit', async (_, script) => {
    const result = await scene.node(script, { memoryMiB: 128 });
    expect(result.exitCode).not.toBe(0);
    expect(result.oomKilled || /ENOSPC/.test(result.output)).toBe(true);
    expect(result.timedOut).toBe(false);
  });

  /** Bytes on the disk, as `du` counts them. */
  const sizeOf = (folder: string): number =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
      (sum, name) => sum + statSync(join(folder, name)).blocks * 512,
      0,
    );

  it.each([
    ['one file', 'exec cat /dev/zero > big'],
    ['many files', 'n=0; while :; do n=$((n+1)); head -c 8388608 /dev/zero > f$n; done'],
    [
      'files that were removed and are open',
      'exec perl -e \'for (1..1000) { open($f[$_], ">", "x$_"); unlink "x$_"; syswrite($f[$_], "x" x 8388608) } sleep 30\'',
    ],
    ['files in folders of folders', 'while :; do mkdir d && cd d && head -c 4194304 /dev/zero > f; done'],
  ])('the disk is not filled by %s', async (_, script) => {
    const workdir = scene.workdir();
    const result = await scene.shell(script, { workdir, diskMiB: 64, timeoutMs: 20_000 });
    expect(result.exitCode).not.toBe(0);
    // The kernel ends what writes one file that is too large (SIGXFSZ); the rest is seen by who looks.
    expect(result.diskExceeded ?? result.exitCode === 128 + 25, `${JSON.stringify(result)}`).toBe(true);
    expect(result.timedOut).toBe(false);
    expect(sizeOf(workdir)).toBeLessThan(2_000 * 1024 * 1024);
  });

  it('what stays within its share of the disk is let be', async () => {
    const result = await scene.shell('head -c 33554432 /dev/zero > f; sleep 1; echo done', { diskMiB: 64 });
    expect(result).toMatchObject({ exitCode: 0, output: 'done\n' });
    expect(result.diskExceeded).toBeUndefined();
  });

  it('the processors are had for a part of the time', async () => {
    const script = `const began = process.hrtime.bigint(); while (process.hrtime.bigint() - began < 2000000000n); const { user, system } = process.cpuUsage(); console.log((user + system) / 2e6)`;
    const { output } = await scene.node(script, { cpus: 0.2 });
    expect(Number(output)).toBeLessThan(0.4);
  });

  it('output without end is kept short', async () => {
    const before = process.memoryUsage().rss;
    const result = await scene.shell('head -c 300000000 /dev/zero | tr "\\0" x', { timeoutMs: 60_000 });
    expect(result.output.length).toBeLessThan(70_000);
    expect(result.truncatedBytes).toBeGreaterThan(200_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});
