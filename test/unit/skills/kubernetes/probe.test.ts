import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/kubernetes/probe.ts';
import {
  at,
  type ContainerInput,
  contextOf,
  deployment,
  pod,
  replicaSet,
  ScriptedCluster,
} from './scripted-cluster.ts';

const ready = { type: 'Ready', status: 'False', lastTransitionTime: at(20) };
const crashed = (ended: JsonObject): JsonObject => ({
  conditions: [ready],
  containerStatuses: [
    {
      name: 'shop',
      image: 'shop:1',
      ready: false,
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { finishedAt: at(40), ...ended } },
    },
  ],
});

function broken(status: JsonObject): ScriptedCluster {
  const cluster = new ScriptedCluster();
  cluster.objects['Deployment'] = [deployment({ memory: '64Mi' }, { updatedReplicas: 2, replicas: 2 })];
  cluster.objects['ReplicaSet'] = [replicaSet(1, 1, {}), replicaSet(2, 10, { memory: '64Mi' })];
  cluster.objects['Pod'] = [pod('a', status), pod('old', crashed({ exitCode: 1 }), 1)];
  return cluster;
}

describe("a Deployment's pods", () => {
  it('that are killed for memory are told with the limit, since when, and what changed', async () => {
    const { findings, changes } = await probe(contextOf(broken(crashed({ exitCode: 137, reason: 'OOMKilled' }))));
    expect(findings.find(({ kind }) => kind === 'kubernetes.OutOfMemory')).toMatchObject({
      severity: 'Critical',
      since: at(20),
      value: 1,
      threshold: 0,
      facts: { memory: 64, exitCode: 137, restarts: 3, revision: 2 },
    });
    expect(changes).toMatchObject([{ kind: 'Configuration', at: at(10), facts: { previousReplicaSet: 'shop-1' } }]);
    expect(changes[0]?.summary).toBe('revision 2 changed shop: memory 128 -> 64 MiB');
  });

  it('that end by themselves are told with their last words, of the pod or else of the log', async () => {
    const said = await probe(contextOf(broken(crashed({ exitCode: 2, message: 'no MODE' }))));
    expect(said.findings[0]?.summary).toContain('exit code 2, 3 restarts, no MODE');
    const silent = broken(crashed({ exitCode: 2 }));
    silent.log = 'starting\nno PORT\n';
    expect((await probe(contextOf(silent))).findings[0]?.facts).toMatchObject({ reason: 'starting\nno PORT' });
    silent.broken.add('log');
    expect((await probe(contextOf(silent))).gaps).toMatchObject([{ what: 'log of the container that ended' }]);
  });

  it.each([
    ['killed for memory', { exitCode: 137, reason: 'OOMKilled' }, 1, ['kubernetes.OutOfMemory']],
    ['killed before the window', { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T11:00:00Z' }, 9, []],
    ['ended again and again', { exitCode: 1, message: 'x' }, 2, ['kubernetes.CrashLoop']],
    ['ended once', { exitCode: 1, message: 'x' }, 1, []],
  ])('that are ready and were %s', async (_what, ended, restartCount, wanted) => {
    const status = { name: 'shop', ready: true, restartCount, state: { running: { startedAt: at(45) } } };
    const cluster = broken({
      containerStatuses: [{ ...status, lastState: { terminated: { finishedAt: at(40), ...ended } } }],
    });
    const { findings } = await probe(contextOf(cluster));
    const told = findings.filter(({ severity, kind }) => severity !== 'Info' && kind !== 'kubernetes.PodsMissing');
    expect(told.map(({ kind }) => kind)).toEqual(wanted);
    for (const { severity, since } of told) expect({ severity, since }).toEqual({ severity: 'Warning', since: at(40) });
  });

  it('that run and are not ready are told with the words of the probe, once they have had time to start', async () => {
    const cluster = (startedAt: string): ScriptedCluster => {
      const made = broken({ containerStatuses: [{ name: 'shop', ready: false, state: { running: { startedAt } } }] });
      const words = {
        reason: 'Unhealthy',
        type: 'Warning',
        message: 'Readiness probe failed: 503',
        firstTimestamp: at(15),
      };
      made.objects['Event'] = [{ ...words, involvedObject: { kind: 'Pod', name: 'a' } }];
      return made;
    };
    const late = (await probe(contextOf(cluster(at(5))))).findings.find(({ kind }) => kind === 'kubernetes.NotReady');
    expect(late).toMatchObject({ since: at(15), facts: { reason: 'Readiness probe failed: 503' } });
    const kindsAfter = async (seconds: number, probes: JsonObject): Promise<readonly string[]> => {
      const starting = cluster(at(59 - seconds));
      const containers = [{ name: 'shop', image: 'shop:1', ...probes }];
      starting.objects['Deployment'] = [deployment({}, {}, { template: { spec: { containers } } })];
      return (await probe(contextOf(starting))).findings.map(({ kind }) => kind);
    };
    expect(await kindsAfter(9, {})).not.toContain('kubernetes.NotReady');
    expect(await kindsAfter(50, {})).toContain('kubernetes.NotReady');
    const slow = { readinessProbe: { initialDelaySeconds: 25 } };
    expect(await kindsAfter(50, slow)).not.toContain('kubernetes.NotReady');
    expect(await kindsAfter(56, slow)).toContain('kubernetes.NotReady');
    expect(await kindsAfter(56, { startupProbe: {} })).not.toContain('kubernetes.NotReady');
  });
});

describe('a change', () => {
  it('is a session’s own only where the mark is new in its revision', async () => {
    const cluster = broken(crashed({ exitCode: 1, message: 'x' }));
    cluster.objects['ReplicaSet'] = [
      replicaSet(1, 1, {}),
      replicaSet(2, 10, { memory: '256Mi' }, 'act-1'),
      replicaSet(3, 20, { memory: '64Mi' }, 'act-1'),
    ];
    const { changes, findings } = await probe(contextOf(cluster));
    expect(changes.map(({ facts }) => facts?.['byThreehops'])).toEqual([false, true]);
    expect(findings.filter(({ kind }) => kind === 'kubernetes.TemplateChanged').map(({ since }) => since)).toEqual([
      at(20),
    ]);
  });

  it('tells whom the containers are configured to call, and nothing of references', async () => {
    const cluster = broken(crashed({ exitCode: 1, message: 'x' }));
    const env = [
      { name: 'MAIL_URL', value: 'https://mail.partner.io' },
      { name: 'DB_HOST', valueFrom: { secretKeyRef: { name: 'db', key: 'host' } } },
    ];
    cluster.objects['Deployment'] = [deployment({ env }, {})];
    expect((await probe(contextOf(cluster))).peers).toMatchObject([{ name: 'mail.partner.io', source: 'MAIL_URL' }]);
  });

  it('of a secret does not show it', async () => {
    const cluster = broken(crashed({ exitCode: 1, message: 'x' }));
    const env = (value: string): JsonObject[] => [{ name: 'DB_PASSWORD', value }];
    cluster.objects['ReplicaSet'] = [
      replicaSet(1, 1, { env: env('hunter2') }),
      replicaSet(2, 10, { env: env('hunter3') }),
    ];
    const seen = JSON.stringify(await probe(contextOf(cluster)));
    expect(seen).toContain('DB_PASSWORD');
    expect(seen).not.toContain('hunter');
  });
});

describe('a change of what no container state has', () => {
  const changed = async (before: ContainerInput, after: ContainerInput) => {
    const cluster = broken(crashed({ exitCode: 1, message: 'x' }));
    cluster.objects['ReplicaSet'] = [replicaSet(1, 1, before), replicaSet(2, 10, after)];
    const { changes, findings } = await probe(contextOf(cluster));
    return { changes, findings: findings.filter(({ kind }) => kind === 'kubernetes.TemplateChanged') };
  };

  it('is told by its paths, without what stands there', async () => {
    const { changes, findings } = await changed(
      { pod: { nodeSelector: { pool: 'small' } } },
      { pod: { nodeSelector: { pool: 's3cret' } }, container: { command: ['s3cret'], envFrom: [{}, { prefix: 'A' }] } },
    );
    const others = ['spec.containers[shop].command', 'spec.containers[shop].envFrom', 'spec.nodeSelector.pool'];
    const summary = `revision 2 changed ${others.join(', ')}`;
    expect(changes).toMatchObject([{ kind: 'Configuration', at: at(10), summary, facts: { differences: [], others } }]);
    expect(findings).toMatchObject([{ severity: 'Info', summary, facts: { others } }]);
    expect(JSON.stringify([changes, findings])).not.toContain('s3cret');
  });

  it('comes after an image, a limit and variables, and is not told where there is none', async () => {
    const sidecar = { initContainers: [{ name: 'wait', image: 'wait:1' }] };
    const { changes } = await changed({}, { image: 'shop:2', memory: '64Mi', pod: sidecar });
    expect(changes).toMatchObject([{ kind: 'Deploy', facts: { others: ['spec.initContainers'] } }]);
    expect(changes[0]?.summary).toMatch(/^revision 2 changed shop: image .* MiB; spec\.initContainers$/);
    const [plain] = (await changed({ container: { resources: {} } }, { memory: '64Mi' })).changes;
    expect(Object.keys(plain?.facts ?? {})).not.toContain('others');
  });

  it('is none where only marks differ: of a restart, of a rollout, of an act', async () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': at(9), 'threehops.dev/action-id': 'act-1' };
    const labels = { app: 'shop', 'pod-template-hash': 'x1' };
    expect(await changed({}, { metadata: { labels, annotations } })).toEqual({ changes: [], findings: [] });
  });
});

describe('what is around a Deployment', () => {
  const service = (selector: JsonObject): JsonObject => ({ metadata: { name: 'front' }, spec: { selector } });
  const slice = (isReady: boolean): JsonObject => ({
    metadata: { labels: { 'kubernetes.io/service-name': 'front' } },
    endpoints: [{ conditions: { ready: isReady } }],
  });
  const kindsOf = async (cluster: ScriptedCluster, more: JsonObject = {}): Promise<readonly string[]> =>
    (await probe(contextOf(cluster, more))).findings.map(({ kind }) => kind);

  it('a Service without a ready endpoint is told, one with another selector when the map names it or it has the name', async () => {
    const cluster = broken({});
    cluster.objects['Service'] = [service({ app: 'shop' })];
    cluster.objects['EndpointSlice'] = [slice(false)];
    expect(await kindsOf(cluster)).toContain('kubernetes.NoReadyEndpoints');
    cluster.objects['EndpointSlice'] = [slice(true)];
    expect(await kindsOf(cluster)).not.toContain('kubernetes.NoReadyEndpoints');
    cluster.objects['EndpointSlice'] = [slice(false)];
    cluster.broken.add('EndpointSlice');
    const { findings, gaps } = await probe(contextOf(cluster));
    expect(findings.map(({ kind }) => kind)).not.toContain('kubernetes.NoReadyEndpoints');
    expect(gaps).toMatchObject([{ what: 'endpoints' }]);
    cluster.broken.clear();
    cluster.objects['Deployment'] = [deployment({}, {}, { replicas: 0 })];
    expect(await kindsOf(cluster)).not.toContain('kubernetes.NoReadyEndpoints');
    cluster.objects['Deployment'] = [deployment({}, {})];
    cluster.objects['Service'] = [service({ app: 'shopp' })];
    cluster.objects['EndpointSlice'] = [];
    expect(await kindsOf(cluster)).not.toContain('kubernetes.SelectorMismatch');
    expect(await kindsOf(cluster, { service: 'front' })).toContain('kubernetes.SelectorMismatch');
    cluster.objects['Service'] = [{ ...service({ app: 'shop', slot: 'green' }), metadata: { name: 'shop' } }];
    expect(await kindsOf(cluster)).toContain('kubernetes.SelectorMismatch');
    cluster.objects['Service'] = [{ metadata: { name: 'shop' }, spec: { type: 'ExternalName' } }];
    expect(await kindsOf(cluster)).not.toContain('kubernetes.SelectorMismatch');
  });

  it('quotas, autoscalers and new policies are told', async () => {
    const cluster = broken({});
    cluster.objects['ResourceQuota'] = [
      {
        metadata: { name: 'q' },
        status: { hard: { 'limits.memory': '1Gi', pods: '10' }, used: { 'limits.memory': '1000Mi', pods: '2' } },
      },
    ];
    cluster.objects['HorizontalPodAutoscaler'] = [
      {
        metadata: { name: 'h' },
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'shop' }, maxReplicas: 4 },
        status: {
          desiredReplicas: 4,
          conditions: [{ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' }],
        },
      },
    ];
    cluster.objects['NetworkPolicy'] = [
      {
        metadata: { name: 'old', creationTimestamp: '2025-01-01T00:00:00Z' },
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      },
      { metadata: { name: 'new', creationTimestamp: at(30) }, spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    ];
    const { findings } = await probe(contextOf(cluster));
    const quota = findings.filter(({ kind }) => kind === 'kubernetes.QuotaNearlyUsed');
    expect(quota).toMatchObject([{ value: 97.7, threshold: 90, unit: '%', facts: { resource: 'limits.memory' } }]);
    expect(findings.find(({ kind }) => kind === 'kubernetes.AutoscalerAtMaximum')).toMatchObject({ threshold: 4 });
    const suspects = findings.filter(({ kind }) => kind === 'kubernetes.NetworkPolicySuspect');
    expect(suspects.map(({ facts }) => facts?.['policy'])).toEqual(['new']);
  });
});

describe('the questions', () => {
  it('are for what is the Deployment’s own: a namespace may hold thousands', async () => {
    const cluster = broken({});
    const selector = { matchLabels: { app: 'shop', tier: 'front' } };
    cluster.objects['Deployment'] = [deployment({}, {}, { selector })];
    await probe(contextOf(cluster));
    const selectors = (wanted: string): unknown[] =>
      cluster.listed.flatMap(({ kind, labelSelector, fieldSelector }) =>
        kind === wanted ? [labelSelector ?? fieldSelector] : [],
      );
    expect(selectors('Pod')).toEqual(['app=shop,tier=front']);
    expect(selectors('ReplicaSet')).toEqual(['app=shop,tier=front']);
    expect(selectors('Event')).toEqual([
      'type=Warning',
      'type!=Warning,involvedObject.kind=Deployment,involvedObject.name=shop',
    ]);
  });
});

it('a paused rollout says since when, and where that was read', async () => {
  const cluster = broken({});
  const conditions = [
    { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', lastTransitionTime: at(7) },
  ];
  cluster.objects['Deployment'] = [deployment({}, { conditions }, { paused: true })];
  const { findings } = await probe(contextOf(cluster));
  expect(findings.find(({ kind }) => kind === 'kubernetes.RolloutPaused')).toMatchObject({
    since: at(7),
    value: 1,
    threshold: 0,
    source: 'resources_get deployments/shop in shop',
  });
  expect(findings.find(({ kind }) => kind === 'kubernetes.TemplateChanged')?.source).toBe(
    'resources_list replicasets in shop',
  );
});

describe('the answers', () => {
  it('may be YAML, as the contract’s own server writes them', async () => {
    const ours = broken(crashed({ exitCode: 137, reason: 'OOMKilled' }));
    const theirs = broken(crashed({ exitCode: 137, reason: 'OOMKilled' }));
    theirs.encode = (answer) => dump(answer['items'] ?? answer);
    expect(await probe(contextOf(theirs))).toEqual(await probe(contextOf(ours)));
  });

  it('that fail are gaps; without the Deployment nothing is known', async () => {
    const cluster = broken({});
    cluster.broken.add('NetworkPolicy');
    expect((await probe(contextOf(cluster))).gaps).toMatchObject([{ what: 'network policies' }]);
    cluster.broken.add('Deployment');
    await expect(probe(contextOf(cluster))).rejects.toThrow('Deployment cannot be read');
  });
});
