import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../controller/config/load.ts';
import { KubeClient } from '../../../../controller/kube/client.ts';
import { systemClock, type Clock } from '../../../../controller/kube/clock.ts';
import type { JobHosts } from '../../../../controller/sandbox/job/job-hosts.ts';
import { jobSandbox } from '../../../../controller/sandbox/job/job-sandbox.ts';
import { SandboxError } from '../../../../controller/sandbox/sandbox.ts';
import { FakeApiServer, type Interference, type SeenRequest } from '../../../helpers/fake-api-server.ts';
import { forever } from '../../../helpers/kube-things.ts';

const namespace = 'threehops-sandbox';
let server: FakeApiServer;
let client: KubeClient;
/** What Pods are there, look by look; the last one stays. */
let looks: (readonly object[] | Interference)[];
/** What a test does to a request before anything else. */
let disturb: (request: SeenRequest) => Interference | undefined;

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = new KubeClient(server.kubeConfig());
  looks = [[passed]];
  disturb = () => undefined;
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  server.store.create('api/v1/namespaces', undefined, { metadata: { name: namespace, labels } } as never);
  const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
  const deny = { metadata: { name: 'deny-all', namespace }, spec } as never;
  server.store.create('apis/networking.k8s.io/v1/networkpolicies', namespace, deny);
  server.interfere = (request) => disturb(request) ?? serve(request);
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

function serve({ method, path }: SeenRequest): Interference | undefined {
  if (path.endsWith('/log')) return { status: 200, body: 'the log' };
  if (method !== 'GET' || !path.endsWith('/pods')) return undefined;
  const look = looks.length > 1 ? looks.shift() : looks[0];
  if (!Array.isArray(look)) return look as Interference;
  return { status: 200, body: { metadata: { resourceVersion: '1' }, items: look as object[] } };
}

const pod = (...ends: readonly (number | 'runs')[]): object => ({
  metadata: { name: 'pod', namespace },
  status: {
    initContainerStatuses: ends.map((end, index) => ({
      name: index === 0 ? 'prepare' : `check-${index}`,
      state: end === 'runs' ? { running: {} } : { terminated: { exitCode: end, message: `kept of ${index}` } },
    })),
  },
});
const passed = pod(0, 0);

/** Time passes by sleeping alone. */
function hurriedClock(): Clock {
  let now = 0;
  return {
    ...systemClock,
    monotonicMs: () => now,
    async sleep(ms, signal) {
      now += ms;
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function run(signal: AbortSignal = forever, more = '', hosts?: JobHosts) {
  const { job } = parseConfig(`sandbox: {kind: Job, job: {image: i${more}}}`).sandbox;
  if (job === undefined) throw new Error('no settings');
  const runner = jobSandbox({ client, settings: job, operator: 'one', clock: hurriedClock(), hosts });
  return runner.run({ files: [{ path: 'a', content: 'a' }], edits: [], checks: [['true']] }, signal);
}

const jobsLeft = () => server.store.list('apis/batch/v1/jobs', namespace).length;
const of = (method: string, plural: string) =>
  server.seen.filter((one) => one.method === method && one.path.includes(`/${plural}`));

test('the Job is deleted with what it owns, and the Pod first, once its checks have ended', async () => {
  expect(await run()).toMatchObject({ passed: true });
  const [deleted] = of('DELETE', 'jobs');
  expect(JSON.parse(deleted?.body ?? '')).toMatchObject({ propagationPolicy: 'Foreground' });
  expect(jobsLeft()).toBe(0);
});

test('a Job whose creation was not answered is deleted all the same', async () => {
  disturb = ({ method, path }) => (method === 'POST' && path.endsWith('/jobs') ? { cut: 'after' } : undefined);
  await expect(run()).rejects.toMatchObject({ name: 'UnknownOutcome' });
  expect(of('POST', 'secrets')).toHaveLength(0);
  expect(jobsLeft()).toBe(0);
});

test('a Job that is called off before its tree is there is deleted', async () => {
  const stop = new AbortController();
  disturb = ({ method, path }) => {
    if (method === 'POST' && path.endsWith('/jobs')) queueMicrotask(() => stop.abort(new Error('called off')));
    return undefined;
  };
  await expect(run(stop.signal)).rejects.toThrow('called off');
  expect(of('POST', 'secrets')).toHaveLength(0);
  expect(jobsLeft()).toBe(0);
});

test('a part of a tree that a quota refuses is told, and the Job deleted', async () => {
  const body = { kind: 'Status', reason: 'Forbidden', message: 'exceeded quota: checks, count/secrets' };
  disturb = ({ method, path }) => (method === 'POST' && path.endsWith('/secrets') ? { status: 403, body } : undefined);
  await expect(run()).rejects.toMatchObject({
    obstacle: 'JobRefused',
    message: expect.stringContaining('exceeded quota: checks, count/secrets'),
  });
  expect(jobsLeft()).toBe(0);
});

test('a deletion that fails is tried again, and does not take the result away when it fails for good', async () => {
  let failures = 2;
  disturb = ({ method }) => (method === 'DELETE' && failures-- > 0 ? { status: 503 } : undefined);
  expect(await run()).toMatchObject({ passed: true });
  expect(of('DELETE', 'jobs')).toHaveLength(3);
  expect(jobsLeft()).toBe(0);
  failures = 100;
  expect(await run()).toMatchObject({ passed: true });
  expect(of('DELETE', 'jobs')).toHaveLength(6);
});

test('an API server that is away for a moment does not end the run', async () => {
  looks = [[], [pod('runs')], { status: 503 }, { status: 503 }, { status: 429 }, [pod(0, 'runs')], [pod(0, 3)]];
  expect(await run()).toMatchObject({ passed: false, runs: [{ exitCode: 3, output: 'the log' }] });
});

test('a log that cannot be had is replaced by what the kubelet kept of it', async () => {
  looks = [[pod(0, 3)]];
  disturb = ({ path }) => (path.endsWith('/log') ? { status: 500 } : undefined);
  const { runs } = await run();
  expect(runs[0]?.output).toMatch(/^kept of 1\n\[the log cannot be read: .+\]\n$/);
});

test('a Pod that goes away is told, and so is one that never comes', async () => {
  looks = [[pod(0, 'runs')], []];
  await expect(run()).rejects.toMatchObject({ obstacle: 'JobLost', message: 'JobLost: its Pod is gone' });
  looks = [[]];
  const never = run(forever, ', startSeconds: 7');
  await expect(never).rejects.toMatchObject({
    obstacle: 'JobNotStarted',
    message: 'JobNotStarted: the checks did not begin within 7 s: no Pod was made for the Job',
  });
  expect(jobsLeft()).toBe(0);
});

test.each([
  [42, 'NetworkOpen'],
  [43, 'NetworkUnproven'],
  [2, 'TreeNotUnpacked'],
])('what prepares a run and ends with %d: %s', async (exitCode, obstacle) => {
  looks = [[pod(exitCode)]];
  await expect(run()).rejects.toMatchObject({ obstacle, message: `${obstacle}: kept of 0` });
});

test('a tree that the kubelet evicts for is told in its words, and so is a check', async () => {
  const evicted = { phase: 'Failed', reason: 'Evicted', message: 'usage exceeds the total limit of containers 64Mi' };
  const withReason = (made: object) => [{ ...made, status: { ...(made as { status: object }).status, ...evicted } }];
  looks = [withReason(pod(137))];
  await expect(run()).rejects.toMatchObject({
    message: 'TreeNotUnpacked: kept of 0\nEvicted: usage exceeds the total limit of containers 64Mi',
  });
  looks = [withReason(pod(0, 137))];
  const output = 'the log\nEvicted: usage exceeds the total limit of containers 64Mi\n';
  expect(await run()).toMatchObject({ passed: false, runs: [{ exitCode: 137, output }] });
});

test('each check has its own time, and unpacking has one', async () => {
  looks = [[pod('runs')]];
  await expect(run()).rejects.toMatchObject({ obstacle: 'TreeNotUnpacked' });
  looks = [[pod(0, 'runs')]];
  const result = await run(forever, ', checkSeconds: 9');
  expect(result).toMatchObject({ passed: false, runs: [{ timedOut: true, exitCode: 137, seconds: 9 }] });
});

describe('where hosts are declared', () => {
  /** What happened, in its order. */
  let happened: string[];
  let hosts: JobHosts;
  beforeEach(() => {
    happened = [];
    const way = { namespace: 'threehops-system', address: '10.0.0.7', port: 8095 };
    hosts = {
      way,
      async open() {
        happened.push('opened');
        return { url: 'http://10.0.0.7:8095', close: () => void happened.push('closed') };
      },
      close: () => Promise.resolve(),
    };
    const peer = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': way.namespace } },
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'threehops' } },
    };
    const egress = [{ to: [peer], ports: [{ protocol: 'TCP', port: way.port }] }];
    const spec = { podSelector: {}, policyTypes: ['Egress'], egress };
    const policy = { metadata: { name: 'declared-hosts', namespace }, spec } as never;
    server.store.create('apis/networking.k8s.io/v1/networkpolicies', namespace, policy);
    disturb = ({ method, path }) => {
      if (method === 'POST' || method === 'DELETE') happened.push(`${method} ${path.split('/').at(-1)?.split('-')[0]}`);
      return undefined;
    };
  });

  test('a run is let in while its checks may run and no longer, and told where by a Secret that its Job owns', async () => {
    expect(await run(forever, '', hosts)).toMatchObject({ passed: true });
    expect(happened).toEqual(['opened', 'POST jobs', 'POST secrets', 'POST secrets', 'closed', 'DELETE checks']);
    const made = of('POST', 'secrets').map(({ body }) => JSON.parse(body ?? '') as Record<string, never>);
    const url = Buffer.from('http://10.0.0.7:8095').toString('base64');
    expect(made[0]).toMatchObject({ data: { url }, metadata: { ownerReferences: [{ kind: 'Job' }] } });
    const job = of('POST', 'jobs').map(({ body }) => body ?? '');
    expect(job[0]).toContain('"secretKeyRef"');
    expect(job[0]).not.toContain('10.0.0.7');
  });

  test.each([
    ['the API server refuses its Job', 'jobs'],
    ['the API server refuses its Secrets', 'secrets'],
  ])('a run is let in no longer when %s', async (_, plural) => {
    const body = { kind: 'Status', reason: 'Forbidden', message: 'no' };
    const watched = disturb;
    disturb = (request) => {
      watched(request);
      return request.method === 'POST' && request.path.endsWith(`/${plural}`) ? { status: 403, body } : undefined;
    };
    await expect(run(forever, '', hosts)).rejects.toMatchObject({ obstacle: 'JobRefused' });
    expect(happened.filter((one) => one === 'opened' || one === 'closed')).toEqual(['opened', 'closed']);
  });

  test('a run that cannot be let in makes nothing', async () => {
    const closed = new SandboxError({ obstacle: 'NoWayToHosts', reason: 'nothing can listen' });
    await expect(run(forever, '', { ...hosts, open: () => Promise.reject(closed) })).rejects.toBe(closed);
    expect(happened).toEqual([]);
  });

  test('without them the same policy is one that allows something', async () => {
    await expect(run()).rejects.toMatchObject({ obstacle: 'NetworkNotDenied' });
  });

  test('another policy that allows something is refused all the same', async () => {
    const spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };
    const metadata = { name: 'a-way-out', namespace };
    server.store.create('apis/networking.k8s.io/v1/networkpolicies', namespace, { metadata, spec } as never);
    await expect(run(forever, '', hosts)).rejects.toMatchObject({
      obstacle: 'NetworkNotDenied',
      message: 'NetworkNotDenied: the NetworkPolicy a-way-out of threehops-sandbox allows traffic',
    });
    expect(happened).toEqual([]);
  });
});
