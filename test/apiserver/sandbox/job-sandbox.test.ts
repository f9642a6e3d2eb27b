import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../controller/config/load.ts';
import type { JobSandbox } from '../../../controller/config/config.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noMetrics } from '../../../controller/kube/observe.ts';
import { jobHosts } from '../../../controller/sandbox/job/job-hosts.ts';
import { jobs, pods, secrets } from '../../../controller/sandbox/job/kinds.ts';
import { jobSandbox } from '../../../controller/sandbox/job/job-sandbox.ts';
import type { ChecksRequest } from '../../../controller/sandbox/run-checks.ts';
import { forever } from '../../helpers/kube-things.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { firstTimeMs } from '../../lab/cluster/programs.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { until } from '../../lab/parts/process.ts';
import { startSandboxCluster, type SandboxCluster } from './cluster.ts';

const namespace = 'threehops-sandbox';
let cluster: SandboxCluster;

beforeAll(async () => {
  cluster = await startSandboxCluster();
}, firstTimeMs);
afterAll(() => cluster?.stop());

/** What the configuration's defaults are, but for a machine that is not to be kept busy. */
const settings = (more: Partial<JobSandbox> = {}): JobSandbox => {
  const { job } = parseConfig('sandbox: {kind: Job, job: {image: registry.test/checks:1}}').sandbox;
  if (job === undefined) throw new Error('no settings');
  return { ...job, startSeconds: 20, checkSeconds: 20, ...more };
};

const runnerWith = (more: Partial<JobSandbox> = {}, operator = 'threehops-system.threehops') =>
  jobSandbox({ client: cluster.operator, settings: settings(more), operator, clock: systemClock });

const run = (request: Partial<ChecksRequest>, more: Partial<JobSandbox> = {}, signal = forever) =>
  runnerWith(more).run(
    { files: [{ path: 'a.txt', content: 'a\n' }], edits: [], checks: [['true']], ...request },
    signal,
  );

/** Jobs, Pods and parts of trees that are there. */
async function left(): Promise<number> {
  const counts = await Promise.all(
    [jobs, pods, secrets].map(
      async (kind) => (await cluster.admin.resource(kind).list({ namespace }, forever)).items.length,
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const nothingLeft = () => until('nothing to be left', async () => ((await left()) === 0 ? true : undefined), 20_000);

afterEach(async () => {
  cluster.kubelet.network('Closed');
  await nothingLeft();
});

describe('checks in a Job', () => {
  test('run one after the other on the tree with its edits, each finding what the one before it left', async () => {
    const files = [
      { path: 'level.txt', content: '12\n' },
      { path: 'gone.txt', content: 'x' },
      {
        path: 'bin/check.sh',
        content: '#!/bin/sh\ntest "$(cat level.txt)" -lt 10 && echo fine > said.txt\n',
        executable: true,
      },
    ];
    const edits = [
      { path: 'level.txt', content: '9\n' },
      { path: 'gone.txt', content: null },
      { path: 'deep/new.txt', content: 'n' },
    ];
    const result = await run({
      files,
      edits,
      checks: [['bin/check.sh'], ['cat', 'said.txt'], ['find', '.', '-type', 'f']],
    });
    expect(result).toMatchObject({
      passed: true,
      runs: [{ exitCode: 0 }, { exitCode: 0, output: 'fine\n' }, { exitCode: 0 }],
    });
    expect(new Set(result.runs[2]?.output.trim().split('\n'))).toEqual(
      new Set(['./level.txt', './bin/check.sh', './deep/new.txt', './said.txt']),
    );
  });

  test('stop at the first that fails, with what it said', async () => {
    const says = 'console.log("out"); console.error("err"); process.exit(7)';
    const { passed, runs } = await run({ checks: [['true'], ['node', '-e', says], ['true']] });
    expect(passed).toBe(false);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 7]);
    expect(runs[1]).toMatchObject({ output: 'out\nerr\n', timedOut: false, oomKilled: false, truncatedBytes: 0 });
  });

  test('get their words as they are, whatever a shell or Kubernetes would make of them', async () => {
    const words = ['$(HOME)', '$$', '$HOME `id` $(id)', '"; id; "', "' x", 'a\nb', '*', '-n', '\\'];
    const { runs } = await run({
      checks: [['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words]],
    });
    expect(JSON.parse(runs[0]?.output ?? '')).toEqual(words);
  });

  test('find no token, no secret of ours, no root, nothing to write but their folder and /tmp, and a limit of processes', async () => {
    const script = [
      'ls /var/run/secrets /threehops 2>&1 | grep -v "No such file" && echo seen',
      'for d in / /usr /etc /opt; do echo x 2>/dev/null > $d/planted && echo wrote $d; done',
      'echo x > /tmp/fine && echo x > fine && echo done; id -u; pwd; grep "Max processes" /proc/self/limits',
      'env | sed "s/=.*//" | grep -v -E "^(KUBERNETES_|PATH$|PWD$|SHLVL$|_$|OLDPWD$)" | sort | tr "\\n" " "',
    ].join('\n');
    const { runs } = await run({ checks: [['sh', '-c', `(${script}) 2>/dev/null; true`]] }, { processes: 77 });
    const [done, uid, pwd, limit, env] = (runs[0]?.output ?? '').split('\n');
    expect([done, uid, pwd]).toEqual(['done', '64207', '/workspace']);
    expect(limit).toMatch(/ 77 +77 /);
    expect(env?.trim()).toBe('CI HOME LANG NO_COLOR TMPDIR npm_config_update_notifier');
  });

  test('get a tree of several parts whole, byte for byte, with its modes and long names', async () => {
    const big = randomBytes(2_000_000);
    const long = `${'folder-of-a-long-name/'.repeat(8)}dätei.bin`;
    const files = [
      { path: long, content: big },
      { path: 'run.sh', content: '#!/bin/sh\n', executable: true },
      { path: 'empty.txt', content: '' },
    ];
    const { runs } = await run({
      files,
      checks: [
        ['sha256sum', long],
        ['stat', '-c', '%a %s %n', 'run.sh', 'empty.txt', long],
      ],
    });
    expect(runs[0]?.output).toContain(createHash('sha256').update(big).digest('hex'));
    expect(runs[1]?.output.split('\n').slice(0, 3)).toEqual([
      '755 10 run.sh',
      '644 0 empty.txt',
      `644 2000000 ${long}`,
    ]);
  });

  test('are refused for a tree that is too large, before anything is made', async () => {
    const files = [{ path: 'big.bin', content: randomBytes(1_100_000) }];
    await expect(run({ files }, { treeMiB: 1 })).rejects.toThrow(
      'the tree comes to 1.1 MiB compressed, and 1.0 MiB are allowed',
    );
    const zeros = [{ path: 'zeros.bin', content: Buffer.alloc(9 * 2 ** 20) }];
    await expect(run({ files: zeros }, { ephemeralMiB: 16 })).rejects.toMatchObject({ name: 'TreeTooLarge' });
    await expect(run({ edits: [{ path: '../up', content: 'x' }] })).rejects.toMatchObject({ name: 'BadTreePath' });
    expect(await left()).toBe(0);
  });

  test('show the beginning and the end of much output', async () => {
    const script = 'for (let i = 0; i < 20000; i += 1) console.log(`line ${i}`)';
    const { runs } = await run({ checks: [['node', '-e', script]] });
    const { output = '', truncatedBytes = 0 } = runs[0] ?? {};
    expect(output.length).toBeLessThan(70_000);
    expect(output.endsWith('line 19999\n')).toBe(true);
    expect(truncatedBytes).toBeGreaterThanOrEqual(0);
  });

  test('are stopped when their time is over', async () => {
    const mark = `late-${process.pid}`;
    const said = ['sh', '-c', `echo begun; : ${mark}; sleep 60; true`];
    const { passed, runs } = await run({ checks: [['true'], said, ['true']] }, { checkSeconds: 2 });
    expect(passed).toBe(false);
    expect(runs.map(({ exitCode, timedOut }) => [exitCode, timedOut])).toEqual([
      [0, false],
      [137, true],
    ]);
    expect(runs[1]?.output).toBe('begun\n');
    await until('its processes to end', async () => (processesWith(mark) === 0 ? true : undefined), 10_000);
  });

  test('are stopped when they are called off', async () => {
    const mark = `off-${process.pid}`;
    const stop = new AbortController();
    const running = run({ checks: [['sh', '-c', `: ${mark}; sleep 60; true`]] }, {}, stop.signal);
    await until('the check', async () => (processesWith(mark) > 0 ? true : undefined), 15_000);
    stop.abort(new Error('called off'));
    await expect(running).rejects.toThrow('called off');
    await until('its processes to end', async () => (processesWith(mark) === 0 ? true : undefined), 10_000);
  });

  test('do not begin where the network is open, whatever the policies say', async () => {
    cluster.kubelet.network('Open');
    const refused = run({ checks: [['sh', '-c', 'echo ran']] });
    await expect(refused).rejects.toMatchObject({ obstacle: 'NetworkOpen' });
    await expect(refused).rejects.toThrow(/the API server at 127\.0\.0\.1:\d+ can be reached from the Pod/);
  });

  test('wait for a network that is closed a moment later', async () => {
    const server = createServer();
    const apiServer = { host: '127.0.0.1', port: String(await listen(server)) };
    let reached = 0;
    server.on('connection', () => {
      reached += 1;
      if (reached === 2) server.close();
    });
    cluster.kubelet.network('Open', apiServer);
    expect(await run({})).toMatchObject({ passed: true });
    expect(reached).toBe(2);
  });
});

describe('checks in a Job where hosts are declared', () => {
  const shipped = readFileSync(join(import.meta.dirname, '../../../manifests/sandbox/hosts/policy.yaml'), 'utf8');

  test('reach them by the proxy, with a token that ends with the run, and get nothing else from it', async () => {
    const server = createServer((_, response) => response.end('a package'));
    const port = await listen(server);
    const [free, closed] = [await freePort(), await freePort()];
    await cluster.controlPlane.apply(shipped.replace('8095', String(free)));
    // As where policies let Pods reach the proxy and not the API server: it is the machine's own network.
    cluster.kubelet.network('Open', { host: '127.0.0.1', port: String(closed) });
    const hosts = jobHosts({
      hosts: [`localhost:${port}`],
      dialer: openDialer,
      way: { namespace: 'threehops-system', address: '127.0.0.1', port: free },
      mostBytes: 2 ** 20,
      token: () => randomBytes(8).toString('hex'),
      metrics: noMetrics,
    });
    try {
      const runner = jobSandbox({
        client: cluster.operator,
        settings: { ...settings(), proxyPort: free },
        operator: 'one',
        clock: systemClock,
        hosts,
      });
      const script = `
        const said = async (url) => { const r = await fetch(url); return r.status + ' ' + await r.text(); };
        (async () => {
          console.log(process.env.HTTP_PROXY);
          console.log(await said('http://localhost:${port}/'));
          console.log(await said('http://other.test/'));
        })();`;
      // Node goes by no proxy for this machine unless it is told to.
      const check = ['env', 'NO_PROXY=', 'node', '-e', script];
      const files = [{ path: 'a', content: 'a' }];
      const { runs } = await runner.run({ files, edits: [], checks: [['true'], check] }, forever);
      const [url = '', reached, refused] = (runs[1]?.output ?? '').split('\n');
      expect(url).toMatch(new RegExp(`^http://checks:[0-9a-f]{16}@127\\.0\\.0\\.1:${free}$`));
      expect(reached).toBe('200 a package');
      expect(refused).toMatch(/^403 /);
      const late = await fetchBy(url, `http://localhost:${port}/`);
      expect(late).toBe(407);
    } finally {
      await hosts.close();
      await closeServer(server);
      await cluster.controlPlane.kubectl(['delete', 'networkpolicy', 'declared-hosts', '-n', namespace]);
    }
  });

  /** The status of an answer by a proxy with its credentials. */
  function fetchBy(proxy: string, path: string): Promise<number | undefined> {
    const { hostname, port, username, password } = new URL(proxy);
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    const headers = { 'Proxy-Authorization': `Basic ${credentials}` };
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    get({ hostname, port, path, headers }, (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    return promise;
  }

  async function freePort(): Promise<number> {
    const server = createServer();
    const port = await listen(server);
    await closeServer(server);
    return port;
  }
});

describe('a Job that cannot run', () => {
  test('tells that no node has room for it', async () => {
    const refused = run({}, { memoryMiB: 1_900, startSeconds: 4 });
    await expect(refused).rejects.toMatchObject({ obstacle: 'JobNotStarted' });
    await expect(refused).rejects.toThrow(/within 4 s: Unschedulable: .*Insufficient memory/);
  });

  test('tells which quota is in its way', async () => {
    await quota({ pods: '0' });
    try {
      const refused = run({}, { startSeconds: 4 });
      await expect(refused).rejects.toMatchObject({ obstacle: 'JobNotStarted' });
      await expect(refused).rejects.toThrow(/exceeded quota: checks, .*pods=0/);
    } finally {
      await quota({ pods: '4' });
    }
  });

  test('tells what the namespace allows no container', async () => {
    await expect(run({}, { memoryMiB: 3_000, startSeconds: 4 })).rejects.toThrow(
      /maximum memory usage per Container is 2Gi/,
    );
  });

  /** Resolves when the quota's controller has taken it up. */
  async function quota(hard: Readonly<Record<string, string>>): Promise<void> {
    const patch = JSON.stringify({ spec: { hard } });
    await cluster.controlPlane.kubectl(['patch', 'quota', 'checks', '-n', namespace, '--type', 'merge', '-p', patch]);
    const path = 'jsonpath={.status.hard.pods}';
    await until('the quota to count', async () => {
      const { stdout } = await cluster.controlPlane.kubectl(['get', 'quota', 'checks', '-n', namespace, '-o', path]);
      return stdout === hard['pods'] ? true : undefined;
    });
  }
});

describe('leftovers', () => {
  test('of this operator are deleted with all that they own, and no others', async () => {
    const dead = new AbortController();
    const runs = [runnerWith({}, 'here.one'), runnerWith({}, 'elsewhere.two')].map((runner): Promise<unknown> =>
      runner
        .run({ files: [{ path: 'a', content: 'a' }], edits: [], checks: [['sleep', '60']] }, dead.signal)
        .catch((error: unknown) => String(error)),
    );
    const running = async (): Promise<true | undefined> => ((await left()) === 6 ? true : undefined);
    await until('two Jobs with a Pod and a part each', running, 20_000);
    expect(await runnerWith({}, 'here.one').removeLeftovers(forever)).toBe(1);
    await until('one of them to be gone', async () => ((await left()) === 3 ? true : undefined), 20_000);
    const kept = await cluster.admin.resource(jobs).list({ namespace }, forever);
    expect(kept.items.map(({ metadata }) => metadata?.labels?.['threehops.dev/operator'])).toEqual(['elsewhere.two']);
    dead.abort(new Error('the end'));
    expect((await Promise.all(runs)).map((text) => /JobLost|the end/.test(String(text)))).toEqual([true, true]);
  });
});

/** Processes of this machine whose command line has the mark. */
function processesWith(mark: string): number {
  const texts = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
  return texts.filter((text) => text.includes(mark)).length;
}
