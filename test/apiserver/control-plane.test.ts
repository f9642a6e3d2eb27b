import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { attachControlPlane, type ClusterAccess } from '../lab/cluster/access.ts';
import { startControlPlane, type ControlPlane } from '../lab/cluster/control-plane.ts';
import { layout, type Description } from '../lab/cluster/layout.ts';
import { isAlive, memoryFolder } from '../lab/cluster/memory-folder.ts';
import { freePort, until } from '../lab/parts/process.ts';

const namespace = 'control-plane-test';

describe("the suite's control plane", () => {
  let cluster: ClusterAccess;
  beforeAll(async () => {
    cluster = await attachControlPlane(inject('controlPlaneDir'));
    await cluster.apply(`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`);
  });

  test('is Kubernetes 1.36, and kubectl is of the same series', async () => {
    const { stdout } = await cluster.kubectl(['version', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      serverVersion: { major: '1', minor: '36' },
      clientVersion: { major: '1', minor: '36' },
    });
  });

  test('serves a CRD as soon as it is applied, and holds objects to its schema', async () => {
    await cluster.apply(widgetCrd);
    const created = await cluster.kubectl(['create', '-f', '-'], { input: widget('good', 3) });
    expect(created).toMatchObject({ code: 0 });
    const size = await cluster.kubectl(['get', 'widget', 'good', '-n', namespace, '-o', 'jsonpath={.spec.size}']);
    expect(size.stdout).toBe('3');
    const refused = await cluster.kubectl(['create', '-f', '-'], { input: widget('bad', 30) });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('should be less than or equal to 9');
    expect((await cluster.kubectl(['get', 'widget', 'bad', '-n', namespace])).stderr).toContain('NotFound');
  });

  test('a user has the permissions of RBAC and no others', async () => {
    const kubeconfig = await cluster.addUser('alice', ['testers', 'readers']);
    const who = await cluster.kubectl(['auth', 'whoami', '-o', 'json'], { kubeconfig });
    expect(JSON.parse(who.stdout).status.userInfo).toMatchObject({
      username: 'alice',
      groups: ['testers', 'readers', 'system:authenticated'],
    });
    const read = ['get', 'configmaps', '-n', namespace];
    const refused = await cluster.kubectl(read, { kubeconfig });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/forbidden/i);
    await bind('readers', 'configmaps', 'Group', 'readers');
    await untilOk(() => cluster.kubectl(read, { kubeconfig }));
    const write = await cluster.kubectl(['create', 'configmap', 'mine', '-n', namespace], { kubeconfig });
    expect(write.stderr).toMatch(/forbidden/i);
  });

  test('a ServiceAccount gets a token that authenticates it', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'robot', '-n', namespace]);
    const kubeconfig = await cluster.serviceAccountKubeconfig(namespace, 'robot');
    const who = await cluster.kubectl(['auth', 'whoami', '-o', 'json'], { kubeconfig });
    expect(JSON.parse(who.stdout).status.userInfo.username).toBe(`system:serviceaccount:${namespace}:robot`);
    const refused = await cluster.kubectl(['get', 'secrets', '-n', namespace], { kubeconfig });
    expect(refused.stderr).toMatch(/forbidden/i);
    await expect(cluster.serviceAccountKubeconfig(namespace, 'nobody')).rejects.toMatchObject({ name: 'KubectlError' });
  });

  test('an admission policy bites, on the admin too', async () => {
    await cluster.apply(noPanicPolicy);
    const create = (name: string) => ['create', 'configmap', name, '-n', namespace, '--dry-run=server'];
    await until('the policy to bite', async () => {
      const { code, stderr } = await cluster.kubectl(create('panic'));
      return code !== 0 && stderr.includes('no-panic') ? true : undefined;
    });
    expect(await cluster.kubectl(create('calm'))).toMatchObject({ code: 0 });
  });

  test('each write is in the audit log once, reads are not', async () => {
    await cluster.kubectl(['create', 'configmap', 'audited', '-n', namespace]);
    await cluster.kubectl(['get', 'configmap', 'audited', '-n', namespace]);
    const lines = (await readFile(cluster.auditLogPath ?? '', 'utf8')).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { verb: string; objectRef?: { name?: string } });
    expect(events.filter(({ objectRef }) => objectRef?.name === 'audited').map(({ verb }) => verb)).toEqual(['create']);
  });

  async function bind(role: string, resource: string, kind: 'Group', name: string): Promise<void> {
    const roleArgs = ['create', 'role', role, '--verb=get,list', `--resource=${resource}`, '-n', namespace];
    expect(await cluster.kubectl(roleArgs)).toMatchObject({ code: 0 });
    const bindArgs = [
      'create',
      'rolebinding',
      role,
      `--role=${role}`,
      `--${kind.toLowerCase()}=${name}`,
      '-n',
      namespace,
    ];
    expect(await cluster.kubectl(bindArgs)).toMatchObject({ code: 0 });
  }

  /** The apiserver reads roles from a cache of its own, a moment behind. */
  async function untilOk(ask: () => Promise<{ code: number }>): Promise<void> {
    await until('RBAC to allow it', async () => ((await ask()).code === 0 ? true : undefined));
  }
});

describe('a control plane of its own', () => {
  const dataDir = memoryFolder('test');
  const started: ControlPlane[] = [];
  const start = async (signal: AbortSignal, choosePort = freePort): Promise<ControlPlane> => {
    const controlPlane = await startControlPlane({ dataDir, signal, choosePort, progress: () => undefined });
    started.push(controlPlane);
    return controlPlane;
  };
  afterAll(async () => {
    for (const controlPlane of started) await controlPlane.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('stop leaves no process, and the next one on the folder has its objects', async () => {
    const first = await start(new AbortController().signal);
    expect(first.pids.map(isAlive)).toEqual([true, true]);
    await first.apply('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, namespace: default}\n');
    await first.stop();
    expect(first.pids.map(isAlive)).toEqual([false, false]);

    const interrupt = new AbortController();
    const second = await start(interrupt.signal);
    expect((await second.kubectl(['get', 'configmap', 'kept', '-o', 'name'])).stdout).toBe('configmap/kept\n');
    interrupt.abort();
    await untilDead(second.pids);
  });

  test('takes another port when its own is lost to somebody else', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const ports = [port];
    const choosePort = async () => ports.shift() ?? freePort();
    const controlPlane = await start(new AbortController().signal, choosePort);
    taken.close();
    expect(ports).toEqual([]);
    expect(controlPlane.url).not.toBe(`https://127.0.0.1:${port}`);
    expect((await controlPlane.kubectl(['get', '--raw', '/readyz'])).stdout).toBe('ok');
    await controlPlane.stop();
  });

  test('ends with the process that started it, however that one ends', async () => {
    const main = fileURLToPath(import.meta.resolve('../lab/cluster/main.ts'));
    const parent = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await Array.fromAsync(firstLine(parent.stdout));
    const home = dirname(/KUBECONFIG=(\S+)/.exec(line ?? '')?.[1] ?? '');
    const { pids } = JSON.parse(await readFile(layout(home).description, 'utf8')) as Description;
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await untilDead(pids);
    await rm(home, { recursive: true, force: true });
  });

  async function untilDead(pids: readonly number[]): Promise<void> {
    await until('its processes to end', async () => (pids.some(isAlive) ? undefined : true));
  }
});

async function* firstLine(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface(stream)) {
    yield line;
    return;
  }
}

const widgetCrd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.test.threehops.dev}
spec:
  group: test.threehops.dev
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer, maximum: 9}}}
`;

const widget = (name: string, size: number) => `
apiVersion: test.threehops.dev/v1
kind: Widget
metadata: {name: ${name}, namespace: ${namespace}}
spec: {size: ${size}}
`;

const noPanicPolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-panic}
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  validations: [{expression: "object.metadata.name != 'panic'"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-panic}
spec: {policyName: no-panic, validationActions: [Deny]}
`;
