import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { scale } from '../../../skills/kubernetes/actions/scale.ts';
import { undoRollout } from '../../../skills/kubernetes/actions/undo-rollout.ts';
import { updateContainer } from '../../../skills/kubernetes/actions/update-container.ts';
import { restart } from '../../../skills/kubernetes/actions/restart.ts';
import { rolloutComplete } from '../../../skills/kubernetes/checks.ts';
import { probe } from '../../../skills/kubernetes/probe.ts';
import { server } from '../../../skills/kubernetes/server/server.ts';
import { skill } from '../../../skills/kubernetes/skill.ts';
import type { ActionContext, ActionType, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { until } from '../../lab/parts/process.ts';
import { memoryFolder } from '../../lab/cluster/memory-folder.ts';
import { firstTimeMs } from '../../lab/cluster/programs.ts';
import { type KubernetesCluster, startKubernetes } from '../../lab/kubernetes/part.ts';
import { needsMemory, needsVariable } from '../../lab/kubernetes/stages.ts';

const image = 'registry.test/shop:1.0';
const neverAborted = new AbortController().signal;
const dataDir = memoryFolder('kubernetes-skill');
let cluster: KubernetesCluster;
let tools: HarnessTools;
let readTools: HarnessTools;
let namespace = '';
let made = 0;

beforeAll(async () => {
  mkdirSync(dataDir, { recursive: true });
  const images = [image, 'registry.test/shop:1.1'];
  cluster = await startKubernetes({ dataDir, signal: neverAborted, progress: () => undefined, images });
}, firstTimeMs);
afterAll(async () => {
  await cluster?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  made += 1;
  namespace = `shop-${made}`;
  const token = await cluster.admit(namespace);
  const clusters = { test: { server: cluster.url, ca: cluster.ca } };
  const settings = { clusters, allowedNamespaces: ['test/shop-*'] };
  tools = toolsFor(server, settings, { token }, { access: 'ReadWrite' });
  readTools = toolsFor(server, settings, { token });
});
afterEach(async () => {
  await tools.close();
  await readTools.close();
});

const node = () => ({
  id: 'shop/workload',
  name: 'workload',
  type: 'compute',
  with: { namespace, deployment: 'shop', maxReplicas: 5 } as JsonObject,
});

interface Spec {
  readonly image?: string;
  readonly memory?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly cpu?: string;
}

/** Applied by somebody else than the skill. */
async function deploy({ memory = '128Mi', variables = { MODE: 'live' }, replicas = 2, cpu = '100m', ...rest }: Spec) {
  const labels = { app: 'shop' };
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const resources = { limits: { memory, cpu }, requests: { memory: '16Mi', cpu } };
  const containers = [{ name: 'shop', image: rest.image ?? image, env, resources }];
  const annotations = { [needsMemory]: '100', [needsVariable]: 'MODE' };
  const template = { metadata: { labels, annotations }, spec: { containers } };
  const spec = { replicas, strategy: { type: 'Recreate' }, selector: { matchLabels: labels }, template };
  await cluster.apply([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace }, spec },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace },
      spec: { selector: labels, ports: [{ port: 80 }] },
    },
  ]);
}

function context(): ProbeContext {
  const window = { from: new Date(Date.now() - 60_000), to: new Date() };
  return { node: node(), tools: readTools, clock: systemClock, window, signal: neverAborted };
}

function acting(): ActionContext {
  const readFile = () => Promise.resolve(undefined);
  return { node: node(), tools, clock: systemClock, signal: neverAborted, readFile, manifestPaths: [] };
}

const seen = async () => (await probe(context())).findings;
const kindsSeen = async () => (await seen()).filter(({ severity }) => severity !== 'Info').map(({ kind }) => kind);

async function well(): Promise<void> {
  await until(
    'the Deployment to be well',
    async () => ((await skill.rollout?.(context()))?.state === 'Settled' ? true : undefined),
    30_000,
  );
}

async function sees(kind: string) {
  return until(`the skill to see ${kind}`, async () => (await seen()).find((one) => one.kind === kind), 30_000, 300);
}

/** As a session does: a plan, checked again, carried out, and carried out in full. */
async function act(action: ActionType, parameters: JsonObject, actionId: string): Promise<JsonObject> {
  const rendered = await action.render(acting(), parameters);
  expect(await action.unchanged?.(acting(), rendered)).toBe(true);
  expect(await action.probe?.(acting(), rendered.frozen, actionId)).toMatchObject({ verdict: 'Absent' });
  const evidence = (await action.execute?.(acting(), rendered.frozen, actionId)) ?? {};
  expect(await action.probe?.(acting(), rendered.frozen, actionId)).toMatchObject({ verdict: 'Happened' });
  expect(await action.unchanged?.(acting(), rendered)).toBe(false);
  const state = async () => {
    const settlement = await action.settled?.(acting(), rendered.frozen, evidence);
    return settlement?.state === 'Progressing' ? undefined : settlement?.state;
  };
  expect(await until('the act to settle', state, 30_000)).toBe('Settled');
  return evidence;
}

describe('kubernetes on a real API server', () => {
  it('has nothing to say of a Deployment that is well', async () => {
    await deploy({});
    await well();
    expect(await kindsSeen()).toEqual([]);
  });

  it('sees an image that cannot be pulled, and goes back to the revision before', async () => {
    await deploy({});
    await well();
    await deploy({ image: 'registry.test/shop:2.0' });
    const finding = await sees('kubernetes.ImagePullFailed');
    expect(finding).toMatchObject({ severity: 'Critical', threshold: 0, unit: 'pods' });
    expect(finding.summary).toContain('registry.test/shop:2.0');
    const { changes, findings } = await probe(context());
    expect(changes[0]).toMatchObject({ kind: 'Deploy', facts: { imageTag: '2.0', previousRevision: 1 } });
    expect(findings.map(({ kind }) => kind)).toContain('kubernetes.NoReadyEndpoints');
    const fixes = skill.remedies.flatMap((remedy) => remedy.propose({ node: node(), findings, changes, series: [] }));
    expect(fixes[0]).toMatchObject({ action: 'kubernetes.undo-rollout', parameters: { revision: 1 } });
    await act(undoRollout, fixes[0]?.parameters ?? {}, 'undo-1');
    expect(await kindsSeen()).toEqual([]);
    expect((await probe(context())).changes[0]?.facts).toMatchObject({ byThreehops: true });
  });

  it('sees kills for memory, and gives what was there before', async () => {
    await deploy({});
    await well();
    await deploy({ memory: '64Mi' });
    const finding = await sees('kubernetes.OutOfMemory');
    expect(finding).toMatchObject({ facts: { memory: 64, exitCode: 137, container: 'shop' } });
    const { changes, findings } = await probe(context());
    const [fix] = skill.remedies.flatMap((remedy) => remedy.propose({ node: node(), findings, changes, series: [] }));
    expect(fix).toMatchObject({
      action: 'kubernetes.update-container',
      parameters: { container: 'shop', memory: 128 },
    });
    await act(updateContainer, fix?.parameters ?? {}, 'memory-1');
    const check = await rolloutComplete.run({ ...context(), thresholds: { stabilizationSeconds: 1 } });
    expect(check).toMatchObject({ verdict: 'Pass' });
  });

  it('restores a variable by reference to the revision that had it', async () => {
    await deploy({});
    await well();
    await deploy({ variables: {} });
    const finding = await sees('kubernetes.CrashLoop');
    expect(finding.summary).toContain('MODE is not set');
    const { changes, findings } = await probe(context());
    const [fix] = skill.remedies.flatMap((remedy) => remedy.propose({ node: node(), findings, changes, series: [] }));
    expect(fix).toMatchObject({
      parameters: { environment: [{ name: 'MODE', restoreFrom: changes[0]?.facts?.['previousReplicaSet'] }] },
    });
    await act(updateContainer, fix?.parameters ?? {}, 'variable-1');
    expect(await kindsSeen()).toEqual([]);
  });

  it('scales, restarts and takes a scaling back', async () => {
    await deploy({});
    await well();
    const rendered = await scale.render(acting(), { by: 2 });
    const evidence = await act(scale, { by: 2 }, 'scale-1');
    expect(evidence).toMatchObject({ replicas: 4 });
    await scale.execute?.(acting(), scale.rollback?.(rendered.frozen, evidence) ?? {}, 'scale-2');
    await well();
    expect(await cluster.get(namespace, 'deployment', 'shop')).toMatchObject({ spec: { replicas: 2 } });
    await act(restart, {}, 'restart-1');
    await expect(scale.render(acting(), { by: 9 })).rejects.toThrow('outside 1 to 5');
  });

  it('tells the quota or the scheduler that lets no pod be', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace },
      spec: { hard: { pods: '0' } },
    };
    await cluster.apply([quota]);
    await deploy({});
    expect((await sees('kubernetes.QuotaExceeded')).summary).toContain('exceeded quota: small');
    await cluster.access.kubectl(['delete', 'resourcequota', 'small', '-n', namespace]);
    await deploy({ cpu: '64' });
    expect((await sees('kubernetes.Unschedulable')).summary).toContain('Insufficient cpu');
  });

  it('sees that it was scaled to nothing, and how many there were', async () => {
    await deploy({ replicas: 3 });
    await well();
    await deploy({ replicas: 0 });
    expect(await sees('kubernetes.ScaledBelowMinimum')).toMatchObject({ value: 0, facts: { before: 3 } });
  });

  it('does an act once, and refuses what was planned on another spec', async () => {
    await deploy({});
    await well();
    const rendered = await restart.render(acting(), {});
    const first = await restart.execute?.(acting(), rendered.frozen, 'once');
    expect(await restart.execute?.(acting(), rendered.frozen, 'once')).toMatchObject({
      version: first?.['version'],
    });
    await expect(restart.execute?.(acting(), rendered.frozen, 'another')).rejects.toMatchObject({
      code: 'DeploymentChanged',
    });
  });

  it('writes only into namespaces that the operator lists, and reads no Secrets', async () => {
    const args = {
      namespace: 'default',
      name: 'shop',
      uid: 'x',
      expectedVersion: 'generation 1',
      actionId: 'a',
      changes: { replicas: 1 },
    };
    await expect(tools.call('threehops_change_deployment', args, neverAborted)).rejects.toMatchObject({
      code: 'NamespaceNotAllowed',
    });
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace };
    await expect(readTools.call('resources_list', secret, neverAborted)).rejects.toMatchObject({
      code: 'KindNotOffered',
    });
    await expect(
      probe({ ...context(), node: { ...node(), with: { namespace, deployment: 'nobody' } } }),
    ).rejects.toMatchObject({ code: 'NotFound' });
  });
});
