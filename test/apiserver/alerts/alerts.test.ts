import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noteOf } from '../../../controller/api/alert-notes.ts';
import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { answers, storm } from '../../helpers/fault-plan.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { post, sentAlert, sentWebhook, type Answer, type SentAlert } from '../../helpers/webhook.ts';
import { freePort, until } from '../../lab/parts/process.ts';
import { configOf, forever, install, mapsOf, sessionsOf, type Installed } from '../session/installed.ts';
import { startOperator, type RunningOperator } from '../session/running-operator.ts';

/** A namespace with maps, bound as manifests/samples/alerts.yaml says, and a sender. */
const namespace = 'alerts';

describe('alerts on a real API server', () => {
  let on: Installed;
  let proxy: FaultProxy;
  let operator: RunningOperator;
  let url: string;
  let token: string;
  let made = 0;

  beforeAll(async () => {
    on = await install(namespace);
    await on.cluster.apply(bindings(namespace));
    token = await tokenOf(on, 'sender');
    proxy = await FaultProxy.start({ target: configOf(on.operator.kubeconfig) });
    await start();
  });
  afterEach(() => proxy.reset());
  afterAll(async () => {
    await operator.stop();
    await proxy.stop();
    await on.close();
  });

  async function start(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v1/alerts`;
    operator = startOperator(proxy, `apiAddress: 127.0.0.1:${port}\n`);
    await until('the endpoint', () =>
      post(url, '{}', { token }).then(
        ({ code }) => (code === 400 ? true : undefined),
        () => undefined,
      ),
    );
  }

  /** A map of its own for a test. */
  async function mapOf(more: Partial<ServiceTopology['spec']> = {}, alerts: object = {}): Promise<string> {
    made += 1;
    const service = `shop-${made}`;
    const spec = {
      service,
      self: [],
      alerts: { matchLabels: { service }, ...alerts },
      ...more,
    } as ServiceTopology['spec'];
    await mapsOf(on.dana).create({ metadata: { namespace, name: service }, spec }, forever);
    return service;
  }

  const send = (alerts: readonly SentAlert[], groupKey?: string): Promise<Answer> =>
    post(url, JSON.stringify(sentWebhook(alerts, groupKey)), { token });

  const sent = async (alerts: readonly SentAlert[], groupKey?: string): Promise<Answer> =>
    until('the map to be known', async () => {
      const answer = await send(alerts, groupKey);
      return answer.body.includes('unmatched') ? undefined : answer;
    });

  async function sessionsFor(service: string): Promise<readonly DebugSession[]> {
    const { items } = await sessionsOf(on.admin).list({ namespace }, forever);
    return items.filter(({ spec }) => spec.topologyRef.name === service);
  }

  test('an alert opens a session, and sent again changes nothing', async () => {
    const service = await mapOf();
    const alert = sentAlert({ alertname: 'HighErrors', service });
    expect(await sent([alert])).toMatchObject({ code: 200, body: expect.stringContaining('opened') });
    const [session] = await sessionsFor(service);
    expect(session?.spec).toMatchObject({
      mode: 'Propose',
      reasoner: 'Causal',
      createdBy: 'system:serviceaccount:threehops-system:threehops',
      trigger: { type: 'Alert', reportedBy: `system:serviceaccount:${namespace}:sender` },
      symptom: {
        description: `HighErrors: ${service} fails`,
        since: '2026-01-02T03:04:05.123Z',
        labels: alert.labels,
        annotations: alert.annotations,
        generatorURL: alert.generatorURL,
        fingerprint: alert.fingerprint,
      },
    });
    expect(session === undefined ? undefined : noteOf(session, alert.fingerprint)).toMatchObject({
      status: 'firing',
      service,
    });
    proxy.reset();
    expect(await send([alert])).toMatchObject({ code: 200, body: expect.stringContaining('repeated') });
    const writes = proxy.seen.filter(
      ({ isWrite, path }) => isWrite && !path.includes('reviews') && path.includes(`/${session?.metadata.name}`),
    );
    expect(writes.filter(({ path }) => !path.endsWith('/status'))).toEqual([]);
    expect(await sessionsFor(service)).toHaveLength(1);
  });
});

function bindings(inside: string): string {
  const group = 'rbac.authorization.k8s.io';
  const bind = (role: string, name: string, from: string): object => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace: inside },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace: from }],
  });
  const account = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: inside },
  });
  const objects = [
    account('sender'),
    account('stranger'),
    bind('threehops-alert-receiver', 'threehops', 'threehops-system'),
    bind('threehops-alert-sender', 'sender', inside),
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

async function tokenOf({ cluster }: Installed, name: string, more: readonly string[] = []): Promise<string> {
  const { stdout } = await cluster.kubectl(['create', 'token', name, '--namespace', namespace, ...more]);
  return stdout.trim();
}
void answers;
void storm;
