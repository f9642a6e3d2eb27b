import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../../controller/config/load.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noMetrics } from '../../../controller/kube/observe.ts';
import { jobHosts } from '../../../controller/sandbox/job/job-hosts.ts';
import { jobSandbox } from '../../../controller/sandbox/job/job-sandbox.ts';
import { renderJob } from '../../../controller/sandbox/job/render-job.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { forever } from '../../helpers/kube-things.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { attachControlPlane, type ClusterAccess } from '../../lab/cluster/access.ts';
import { until } from '../../lab/parts/process.ts';
import { configFrom } from '../kube/world.ts';
import { startOperator } from '../session/running-operator.ts';

const root = join(import.meta.dirname, '../../..');
const namespace = 'threehops-sandbox';
let cluster: ClusterAccess;
let account: string;
let operator: KubeClient;

beforeAll(async () => {
  cluster = await attachControlPlane(inject('controlPlaneDir'));
  await cluster.apply(join(root, 'manifests/base/access'));
  await cluster.apply(join(root, 'manifests/sandbox'));
  account = await cluster.serviceAccountKubeconfig('threehops-system', 'threehops');
  operator = new KubeClient(configFrom(account));
  await untilAllowed(['list', 'networkpolicies']);
});
afterAll(async () => {
  await operator.close();
  await cluster.kubectl(['delete', '-k', join(root, 'manifests/sandbox/runtime-class')]);
});

const can = async (ask: readonly string[], where: readonly string[] = ['-n', namespace]): Promise<boolean> =>
  (await cluster.kubectl(['auth', 'can-i', ...ask, ...where], { kubeconfig: account })).code === 0;

/** The API server reads roles from a cache of its own, a moment behind. */
const untilAllowed = (ask: readonly string[], where?: readonly string[]) =>
  until(`${ask.join(' ')} to be allowed`, async () => ((await can(ask, where)) ? true : undefined));

const settingsWith = (more = '') => {
  const { job } = parseConfig(`sandbox: {kind: Job, job: {image: registry.test/checks:1${more}}}`).sandbox;
  if (job === undefined) throw new Error('no settings');
  return job;
};
const sandboxWith = (more?: string) =>
  jobSandbox({ client: operator, settings: settingsWith(more), operator: 'one', clock: systemClock });
const available = (more?: string) => sandboxWith(more).available(forever);

async function kubectl(args: readonly string[], input?: object): Promise<void> {
  const result = await cluster.kubectl(args, input === undefined ? {} : { input: JSON.stringify(input) });
  expect(result).toMatchObject({ code: 0 });
}

describe('what keeps a Job from harm is looked at', () => {
  const label = 'pod-security.kubernetes.io/enforce';

  test('all of it is there as it is shipped', async () => {
    expect(await available()).toBeUndefined();
  });

  test.each([
    ['baseline', `${label}=baseline`],
    ['none', `${label}-`],
  ])('the profile: %s is not enough, and nothing is run', async (_, change) => {
    await kubectl(['label', 'namespace', namespace, '--overwrite', change]);
    try {
      expect(await available()).toMatchObject({ obstacle: 'NotRestricted' });
      const run = sandboxWith().run({ files: [], edits: [], checks: [['true']] }, forever);
      await expect(run).rejects.toMatchObject({ obstacle: 'NotRestricted' });
      expect((await cluster.kubectl(['get', 'jobs', '-n', namespace, '-o', 'name'])).stdout).toBe('');
    } finally {
      await kubectl(['label', 'namespace', namespace, '--overwrite', `${label}=restricted`]);
    }
  });

  test('the policy: without it, and with another that allows something', async () => {
    await kubectl(['delete', 'networkpolicy', 'deny-all', '-n', namespace]);
    expect(await available()).toMatchObject({
      obstacle: 'NetworkNotDenied',
      reason: expect.stringMatching(/denies all Pods all ingress/),
    });
    await cluster.apply(join(root, 'manifests/sandbox'));
    expect(await available()).toBeUndefined();
    const spec = { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Egress'], egress: [{}] };
    const metadata = { name: 'a-way-out', namespace };
    await kubectl(['create', '-f', '-'], { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
    expect(await available()).toEqual({
      obstacle: 'NetworkNotDenied',
      reason: `the NetworkPolicy a-way-out of ${namespace} allows traffic`,
    });
    await kubectl(['delete', 'networkpolicy', 'a-way-out', '-n', namespace]);
  });

  describe('the way to declared hosts', () => {
    const hosts = jobHosts({
      hosts: ['packages.test'],
      dialer: openDialer,
      way: { namespace: 'threehops-system', address: '127.0.0.1', port: settingsWith().proxyPort },
      mostBytes: 1,
      token: () => 'none',
      metrics: noMetrics,
    });
    const looked = () =>
      jobSandbox({ client: operator, settings: settingsWith(), operator: 'one', clock: systemClock, hosts }).available(
        forever,
      );
    const shipped = join(root, 'manifests/sandbox/hosts');
    const patched = (operation: object): Promise<void> =>
      kubectl([
        'patch',
        'networkpolicy',
        'declared-hosts',
        '-n',
        namespace,
        '--type=json',
        '-p',
        JSON.stringify([operation]),
      ]);

    afterEach(() => kubectl(['delete', '--ignore-not-found', '-k', shipped]));

    test('it has to be applied, is taken as it is shipped, and not where no hosts are declared', async () => {
      expect(await looked()).toMatchObject({
        obstacle: 'NoWayToHosts',
        reason: expect.stringMatching(/apply manifests\/sandbox\/hosts$/),
      });
      await cluster.apply(shipped);
      expect(await looked()).toBeUndefined();
      expect(await available()).toEqual({
        obstacle: 'NetworkNotDenied',
        reason: `the NetworkPolicy declared-hosts of ${namespace} allows traffic`,
      });
    });

    test('beside it everything is still denied', async () => {
      await cluster.apply(shipped);
      await kubectl(['delete', 'networkpolicy', 'deny-all', '-n', namespace]);
      expect(await looked()).toMatchObject({ obstacle: 'NetworkNotDenied' });
      await cluster.apply(join(root, 'manifests/sandbox'));
      expect(await looked()).toBeUndefined();
    });

    const rule = '/spec/egress/0';
    const dns = { protocol: 'UDP', port: 53 };
    test.each([
      ['names can be looked up too', { op: 'add', path: `${rule}/ports/-`, value: dns }],
      ['there are more ports', { op: 'add', path: `${rule}/ports/0/endPort`, value: 9_000 }],
      ['there is another port', { op: 'replace', path: `${rule}/ports/0/port`, value: 8_090 }],
      ['all ports are', { op: 'remove', path: `${rule}/ports` }],
      ['all Pods of the operator’s namespace are reached', { op: 'remove', path: `${rule}/to/0/podSelector` }],
      ['Pods of all namespaces are', { op: 'replace', path: `${rule}/to/0/namespaceSelector`, value: {} }],
      ['other addresses are', { op: 'add', path: `${rule}/to/-`, value: { ipBlock: { cidr: '0.0.0.0/0' } } }],
      ['everybody is', { op: 'remove', path: `${rule}/to` }],
      ['there is a rule more', { op: 'add', path: '/spec/egress/-', value: {} }],
      ['something may come in', { op: 'add', path: '/spec/ingress', value: [{}] }],
    ])('nothing is run where %s', async (_, operation) => {
      await cluster.apply(shipped);
      await patched(operation);
      expect(await looked()).toEqual({
        obstacle: 'NetworkNotDenied',
        reason: `the NetworkPolicy declared-hosts of ${namespace} allows traffic`,
      });
    });
  });

  test('the RuntimeClass: that it may be looked at, and is there', async () => {
    const named = ', runtimeClassName: gvisor';
    expect(await available(named)).toMatchObject({ obstacle: 'NotPermitted' });
    await cluster.apply(join(root, 'manifests/sandbox/runtime-class'));
    await untilAllowed(['get', 'runtimeclasses.node.k8s.io'], []);
    expect(await available(named)).toMatchObject({ obstacle: 'NoRuntimeClass' });
    const runtimeClass = {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'gvisor' },
      handler: 'runsc',
    };
    await kubectl(['create', '-f', '-'], runtimeClass);
    expect(await available(named)).toBeUndefined();
    await kubectl(['delete', 'runtimeclass', 'gvisor']);
  });

  test('another namespace: that it may be looked at, and is there', async () => {
    expect(await available(', namespace: nowhere')).toMatchObject({ obstacle: 'NotPermitted' });
    const admin = new KubeClient(configFrom(cluster.kubeconfigPath));
    const settings = settingsWith(', namespace: nowhere');
    const elsewhere = jobSandbox({ client: admin, settings, operator: 'one', clock: systemClock });
    expect(await elsewhere.available(forever)).toMatchObject({ obstacle: 'NoNamespace' });
    await admin.close();
  });
});

describe('the Pod of a Job', () => {
  const podOf = (change: (spec: Record<string, unknown>) => void) => {
    const plan = { name: 'checks-1', operator: 'one', checks: [['true'], ['false']], parts: 2, proxied: true };
    const { spec } = renderJob(settingsWith(), plan) as unknown as {
      spec: { template: { metadata: object; spec: Record<string, unknown> } };
    };
    const made = structuredClone(spec.template);
    change(made.spec);
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...made.metadata, name: 'checks-1', namespace },
      spec: made.spec,
    };
  };
  const admitted = (change: (spec: Record<string, unknown>) => void) =>
    cluster.kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], {
      input: JSON.stringify(podOf(change)),
    });

  test('is admitted as it is rendered, and nothing of it is unknown to the API', async () => {
    expect(await admitted(() => undefined)).toMatchObject({ code: 0, stderr: '' });
  });

  const first = (spec: Record<string, unknown>) =>
    (spec['initContainers'] as Record<string, Record<string, unknown>>[])[0] ?? {};
  const context = (spec: Record<string, unknown>) => first(spec)['securityContext'] ?? {};
  const whole = (spec: Record<string, unknown>) => spec['securityContext'] as Record<string, unknown>;

  test.each<[string, (spec: Record<string, unknown>) => void]>([
    ['the node’s network', (spec) => (spec['hostNetwork'] = true)],
    ['the node’s processes', (spec) => (spec['hostPID'] = true)],
    ['a folder of the node', (spec) => (spec['volumes'] as object[]).push({ name: 'host', hostPath: { path: '/' } })],
    ['root', (spec) => (whole(spec)['runAsUser'] = 0)],
    ['perhaps root', (spec) => delete whole(spec)['runAsNonRoot']],
    ['no seccomp', (spec) => delete whole(spec)['seccompProfile']],
    ['capabilities', (spec) => delete context(spec)['capabilities']],
    ['a way to gain rights', (spec) => (context(spec)['allowPrivilegeEscalation'] = true)],
    ['all rights', (spec) => Object.assign(context(spec), { privileged: true, allowPrivilegeEscalation: true })],
  ])('is refused with %s', async (_, weaken) => {
    const { code, stderr } = await admitted(weaken);
    expect(stderr).toContain('violates PodSecurity "restricted:latest"');
    expect(code).toBe(1);
  });
});

test('the operator deletes what its former life left, as soon as it leads', async () => {
  await cluster.apply(join(root, 'crds'));
  const plan = { name: 'checks-left', operator: 'threehops-system.threehops', checks: [['true']], parts: 0 };
  await kubectl(['create', '-f', '-'], { apiVersion: 'batch/v1', kind: 'Job', ...renderJob(settingsWith(), plan) });
  const proxy = await FaultProxy.start({ target: configFrom(account) });
  const running = startOperator(proxy, 'sandbox: {kind: Job, job: {image: registry.test/checks:1}}\n');
  try {
    const path = 'jsonpath={.metadata.deletionTimestamp}{.metadata.finalizers}';
    // Nothing collects garbage here: it stays until its Pods are gone, which nobody tells.
    const deleted = await until('the Job to be deleted', async () => {
      const { stdout } = await cluster.kubectl(['get', 'job', 'checks-left', '-n', namespace, '-o', path]);
      return stdout.startsWith('2') ? stdout : undefined;
    });
    expect(deleted).toContain('["foregroundDeletion"]');
  } finally {
    await running.stop();
    await proxy.stop();
    await kubectl([
      'patch',
      'job',
      'checks-left',
      '-n',
      namespace,
      '--type',
      'merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]);
  }
});

describe('the role of the operator', () => {
  const rules = (text: string) => text.split('\n').map((line) => line.trim().split(' '));

  test.each(
    rules(`create jobs.batch
      list jobs.batch
      delete jobs.batch
      list pods
      get pods --subresource=log
      create secrets
      list events
      list networkpolicies.networking.k8s.io
      get namespaces/threehops-sandbox`),
  )('may %s %s', async (...ask) => {
    expect(await can(ask)).toBe(true);
  });

  test.each(
    rules(`get secrets
      list secrets
      watch secrets
      update secrets
      patch secrets
      delete secrets
      create pods
      delete pods
      patch pods
      create pods --subresource=exec
      create pods --subresource=attach
      create pods --subresource=portforward
      update pods --subresource=ephemeralcontainers
      patch jobs.batch
      update jobs.batch
      create configmaps
      create serviceaccounts --subresource=token
      create networkpolicies.networking.k8s.io
      delete networkpolicies.networking.k8s.io
      patch namespaces/threehops-sandbox
      delete namespaces/threehops-sandbox
      patch resourcequotas
      create rolebindings.rbac.authorization.k8s.io
      create cronjobs.batch`),
  )('may not %s %s', async (...ask) => {
    expect(await can(ask)).toBe(false);
  });

  test.each(rules('create jobs.batch\ncreate secrets\nlist pods\nget namespaces/default\nlist events'))(
    'may not %s %s elsewhere',
    async (...ask) => {
      for (const elsewhere of ['default', 'threehops-system']) expect(await can(ask, ['-n', elsewhere])).toBe(false);
    },
  );

  test('whom the checks run as may nothing, and gets no token', async () => {
    const { stdout } = await cluster.kubectl(['get', 'serviceaccount', namespace, '-n', namespace, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ automountServiceAccountToken: false });
    const kubeconfig = await cluster.serviceAccountKubeconfig(namespace, namespace);
    const listed = await cluster.kubectl(['auth', 'can-i', '--list', '-n', namespace, '--no-headers'], { kubeconfig });
    const resources = listed.stdout.split('\n').filter((line) => /^[a-z]/.test(line));
    expect(resources.every((line) => /^self[a-z]+\.(authorization|authentication)\.k8s\.io /.test(line))).toBe(true);
  });
});
