import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentWebhook } from '../../helpers/webhook.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { freePort, until } from '../../lab/parts/process.ts';
import { configOf, forever, sessionDraft, sessionsOf } from '../session/installed.ts';
import { startOperator } from '../session/running-operator.ts';
import { AlertWorld, type Replica } from './alert-world.ts';

/** Nobody else stands for that lead. */
const candidate = `
leaderElection: {enabled: true, namespace: threehops-system, name: progress-replicas, leaseSeconds: 3, renewSeconds: 2, retrySeconds: 1}
`;

const viewer = (namespace: string): string =>
  JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'viewer', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'threehops-viewer' },
    subjects: [{ kind: 'ServiceAccount', name: 'sender', namespace }],
  });

describe('what replicas answer on apiAddress', () => {
  let world: AlertWorld;
  let token: string;
  beforeAll(async () => {
    world = await AlertWorld.start('replicas');
    await world.on.cluster.apply(`${viewer(world.namespace)}\n`);
    token = world.tokens.get('sender') ?? '';
  });
  afterAll(() => world.close());

  const progress = (url: string, name: string, more: RequestInit = {}): Promise<Response> =>
    fetch(new URL(`/api/v1/namespaces/${world.namespace}/debugsessions/${name}/progress`, url), {
      headers: { authorization: `Bearer ${token}` },
      ...more,
    });

  /** Asked until one of them tells of the session, and the other says that it does not lead. */
  async function telling(replicas: readonly Replica[], name: string) {
    return until('one to lead', async () => {
      const answers = await Promise.all(replicas.map(({ url }) => progress(url, name)));
      const [leader, other] = answers.toSorted((a, b) => a.status - b.status);
      if (leader?.status === 200 && other?.status === 503) return { leader, other };
      for (const answer of answers) await answer.body?.cancel();
      return undefined;
    });
  }

  test('live progress comes from the one that leads; the other says that it does not', async () => {
    const replicas = await Promise.all([world.replica(candidate), world.replica(candidate)]);
    const name = await world.map();
    const draft = sessionDraft(world.namespace, name, { topologyRef: { name }, mode: 'Diagnose' });
    await sessionsOf(world.on.dana).create(draft, forever);
    const { leader, other } = await telling(replicas, name);
    expect(other.headers.get('retry-after')).toBe('1');
    expect(other.headers.get('connection')).toBe('close');
    expect(await other.json()).toMatchObject({ code: 503, message: expect.stringContaining('the replica that leads') });
    expect(leader.headers.get('content-type')).toBe('application/x-ndjson');
    await leader.body?.cancel();
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  test('without TLS an address that others can listen on takes no alerts, and says what to configure', async () => {
    const proxy = await FaultProxy.start({ target: configOf(world.on.operator.kubeconfig) });
    const port = await freePort();
    const operator = startOperator(proxy, `apiAddress: 0.0.0.0:${port}`);
    const url = `http://127.0.0.1:${port}/api/v1/alerts`;
    const service = await world.map();
    const body = JSON.stringify(sentWebhook([world.alert(service)]));
    const sending = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body };
    const answer = await until('the address', () => fetch(url, sending).catch(() => undefined));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    const { message } = (await answer.json()) as { message: string };
    expect(message).toContain('apiTls.certFile and apiTls.keyFile');
    expect(await world.sessions(service)).toEqual([]);
    expect((await fetch(`${url}/other`, sending)).status).toBe(404);
    await operator.stop();
    await proxy.stop();
  });
});
