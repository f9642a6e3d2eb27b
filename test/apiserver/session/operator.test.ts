import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DebugSession, ServiceTopology, TopologyNode } from '../../../controller/api/kinds.ts';
import { resource } from '../../../controller/kube/resource.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { conditionViolations } from '../../helpers/condition-invariants.ts';
import { answers, seeded } from '../../helpers/fault-plan.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { until } from '../../lab/parts/process.ts';
import { configOf, forever, install, mapsOf, sessionDraft, sessionsOf, type Installed } from './installed.ts';
import { startOperator, type RunningOperator } from './running-operator.ts';
import { startSite, type Site } from './site.ts';

interface Told extends KubeObject {
  readonly reason?: string;
  readonly note?: string;
  readonly type?: string;
  readonly regarding?: { readonly name?: string };
}

const events = resource<Told>('events.k8s.io', 'v1', 'events', 'Event');
const secrets = resource<KubeObject & { readonly data?: Readonly<Record<string, string>> }>(
  '',
  'v1',
  'secrets',
  'Secret',
);
const slow = 30_000;

describe('the operator on a real API server', () => {
  let on: Installed;
  let proxy: FaultProxy;
  let operator: RunningOperator;
  let site: Site;
  let made = 0;

  beforeAll(async () => {
    on = await install('operator');
    site = await startSite();
    proxy = await FaultProxy.start({ target: configOf(on.operator.kubeconfig) });
    operator = startOperator(proxy);
  });
  afterEach(() => proxy.reset());
  afterAll(async () => {
    await operator.stop();
    await proxy.stop();
    await site.stop();
    await on.close();
  });

  const page = (name: string, path = `/${name}`, more: object = {}): TopologyNode => ({
    name,
    type: 'http',
    skill: 'http-health',
    with: { url: `${site.url}${path}`, samples: 2, intervalMs: 50, timeoutMs: 500, ...more },
  });

  /** What seems well is looked at once more after that. */
  const soon = { stabilizationSeconds: 1, maxErrorsPerMillion: 10_000 };

  /** A map, a session on it, and every status that it has been in. */
  async function begin(spec: Partial<ServiceTopology['spec']>, asked: Partial<DebugSession['spec']> = {}) {
    made += 1;
    const name = `shop-${made}`;
    const key = { namespace: on.namespace, name };
    await mapsOf(on.dana).create({ metadata: key, spec: { service: name, verify: soon, ...spec } }, forever);
    const draft = sessionDraft(on.namespace, name, { topologyRef: { name }, mode: 'Diagnose', ...asked });
    await sessionsOf(on.dana).create(draft, forever);
    return { name, key, ...watchOf(key) };
  }

  function watchOf(key: { readonly namespace: string; readonly name: string }) {
    const seen: DebugSession[] = [];
    const look = async (): Promise<DebugSession> => {
      const session = await sessionsOf(on.admin).get(key, forever);
      if (seen.at(-1)?.metadata.resourceVersion !== session.metadata.resourceVersion) seen.push(session);
      return session;
    };
    const stalled = (reason: string) =>
      until(
        `Stalled: ${reason}`,
        async () => (await look()).status?.conditions?.find((one) => one.type === 'Stalled' && one.reason === reason),
        slow,
      );
    const ended = () =>
      until(
        'the end',
        async () => {
          const session = await look();
          return session.status?.completedAt === undefined ? undefined : session;
        },
        slow,
      );
    return { seen, look, stalled, ended };
  }

  const mapWhere = (key: { readonly namespace: string; readonly name: string }, reason: string) =>
    until(`the map to be ${reason}`, async () => {
      const { status } = await mapsOf(on.admin).get(key, forever);
      return status?.conditions?.find((one) => one.reason === reason);
    });

  const mend = (key: { readonly namespace: string; readonly name: string }, spec: object) =>
    mapsOf(on.dana).patch(key, { type: 'merge', body: { spec } }, forever);

  const toldOf = async (name: string): Promise<readonly string[]> => {
    const { items } = await on.admin.client.resource(events).list({ namespace: on.namespace }, forever);
    return items.filter(({ regarding }) => regarding?.name === name).map(({ reason, note }) => `${reason}: ${note}`);
  };

  test('a session that finds nothing: every status on the way is one that kstatus reads, and events tell it', async () => {
    const { name, seen, ended } = await begin({ self: [page('home')], downstream: [page('mail')] });
    const end = await ended();
    expect(end.status?.diagnosis?.gaps).toEqual([]);
    expect(end.status).toMatchObject({ phase: 'Succeeded', outcome: 'NoFaultFound' });
    // Before the operator has seen it, its status is the schema's own.
    const told = seen.filter(({ status }) => status?.phase !== undefined);
    expect(told.length).toBeGreaterThan(1);
    expect(
      told.flatMap(({ status, metadata }) => conditionViolations(status?.conditions, metadata.generation)),
    ).toEqual([]);
    await until('the events', async () => {
      const told = await toldOf(name);
      return ['Sweeping', 'Swept', 'NoFaultFound'].every((reason) => told.some((line) => line.startsWith(reason)))
        ? true
        : undefined;
    });
    const map = await mapsOf(on.admin).get({ namespace: on.namespace, name }, forever);
    expect(map.status?.conditions).toMatchObject([{ type: 'Ready', status: 'True', reason: 'Resolved' }]);
  });

  test('a broken page is the cause', async () => {
    site.status = 500;
    const { ended } = await begin({ self: [page('home')], downstream: [page('mail', '/changing')] });
    expect((await ended()).status).toMatchObject({
      outcome: 'Diagnosed',
      diagnosis: { rootCause: { kind: expect.stringContaining('http') } },
    });
    site.status = 200;
  });

  test('who asks for an engine that is not there is told so once, and which one answers', async () => {
    const { name, ended } = await begin({ self: [page('home')] }, { reasoner: 'Both' });
    expect((await ended()).status?.diagnosis?.engine).toBe('Causal');
    const events = await until('the last event', async () => {
      const told = await toldOf(name);
      return told.some((line) => line.startsWith('NoFaultFound')) ? told : undefined;
    });
    const said = 'ReasonerUnavailable: spec.reasoner: Both is not available; Causal answers instead';
    expect(events.filter((line) => line.startsWith('ReasonerUnavailable'))).toEqual([said]);
  });

  describe('bad input is told with field and object, and mended by itself', () => {
    test('no such map', async () => {
      const key = { namespace: on.namespace, name: 'early' };
      await sessionsOf(on.dana).create(
        sessionDraft(on.namespace, 'early', { topologyRef: { name: 'late' }, mode: 'Diagnose' }),
        forever,
      );
      const { stalled, ended } = watchOf(key);
      const { message } = await stalled('TopologyNotFound');
      expect(message).toBe(`spec.topologyRef: there is no ServiceTopology ${on.namespace}/late`);
      await until('the event', async () =>
        (await toldOf('early')).some((line) => line.startsWith('TopologyNotFound')) ? true : undefined,
      );
      await mapsOf(on.dana).create(
        {
          metadata: { namespace: on.namespace, name: 'late' },
          spec: { service: 'late', self: [page('home')], verify: soon },
        },
        forever,
      );
      expect((await ended()).status?.outcome).toBe('NoFaultFound');
    });

    test('an unknown skill and a missing parameter, at every node', async () => {
      const bad = [
        { ...page('home'), skill: 'no-such-skill' },
        { ...page('mail'), with: {} },
      ];
      const { key, stalled, ended } = await begin({ self: bad });
      const { message } = await mapWhere(key, 'NodesIncomplete');
      expect(message).toContain('node home: the skill no-such-skill: unknown skill no-such-skill');
      expect(message).toContain("node mail: the skill http-health: with: must have required property 'url'");
      expect((await stalled('NothingToLookAt')).message).toContain('unknown skill no-such-skill');
      await mend(key, { self: [page('home'), page('mail')] });
      await mapWhere(key, 'Resolved');
      expect((await ended()).status?.outcome).toBe('NoFaultFound');
    });

    test('a reference to nowhere: the map says so, the session goes on with what there is', async () => {
      const mail = { ...page('mail'), topologyRef: { name: 'nowhere' } };
      const { key, ended } = await begin({ self: [page('home')], downstream: [mail] });
      expect((await mapWhere(key, 'NodesIncomplete')).message).toContain(
        `ServiceTopology ${on.namespace}/nowhere does not exist or is not shared`,
      );
      const end = await ended();
      expect(end.status?.graph?.gaps?.join()).toContain('nowhere');
      expect(end.status?.sweep?.nodes?.map(({ health }) => health)).toEqual(['Healthy', 'Healthy']);
      await mapsOf(on.dana).create(
        {
          metadata: { namespace: on.namespace, name: 'nowhere' },
          spec: { service: 'nowhere', self: [page('page', '/there')] },
        },
        forever,
      );
      await mapWhere(key, 'Resolved');
    });

    test('a Secret that is not there, then not labelled, then without hosts, then right', async () => {
      const credentials = [{ skill: 'http-health', access: 'Read' as const, secretRef: { name: 'pages' } }];
      const { look, stalled, ended } = await begin({ self: [page('home')], credentials });
      const field = 'spec.credentials[skill=http-health,access=Read].secretRef';
      const says = (text: string) =>
        until(
          `it to say ${text}`,
          async () => {
            const { status } = await look();
            return status?.conditions?.some(({ type, message }) => type === 'Stalled' && message.includes(text))
              ? true
              : undefined;
          },
          slow,
        );
      expect((await stalled('NothingSeen')).message).toContain(`${field}: Secret ${on.namespace}/pages is not there`);
      const metadata = { namespace: on.namespace, name: 'pages' };
      const api = on.admin.client.resource(secrets);
      await api.create({ metadata, data: {} }, forever);
      await says('has no label threehops.dev/use=true');
      const change = (more: object) => api.patch(metadata, { type: 'merge', body: { metadata: more } }, forever);
      await change({ labels: { 'threehops.dev/use': 'true' } });
      await says('names no host in its annotation');
      await change({ annotations: { 'threehops.dev/allowed-hosts': '127.0.0.1' } });
      expect((await ended()).status?.outcome).toBe('NoFaultFound');
    });

    test('a host that is not allowed: that node is Unknown and says why, and nothing else is disturbed', async () => {
      const beyond = page('beyond', '', { url: 'http://192.0.2.1/' });
      const { ended } = await begin({ self: [page('home')], downstream: [beyond] });
      const { status } = await ended();
      const [home, there] = ['home', 'beyond'].map((name) =>
        status?.sweep?.nodes?.find(({ node }) => node.endsWith(`/${name}`)),
      );
      expect(home).toMatchObject({ health: 'Healthy' });
      expect(there).toMatchObject({ health: 'Unknown', summary: expect.stringContaining('192.0.2.1') });
      expect(status?.conditions?.find(({ type }) => type === 'NodesSeen')).toMatchObject({
        status: 'False',
        reason: 'NodesUnknown',
        message: expect.stringContaining('192.0.2.1'),
      });
    });

    test.each(['/silent', '/huge', '/rubbish'])(
      'an endpoint like %s: the session ends, the other node is seen',
      async (path) => {
        const { ended } = await begin({
          self: [page('home', '/home', { timeoutMs: 2000 })],
          downstream: [page('odd', path)],
        });
        const { status } = await ended();
        const home = status?.sweep?.nodes?.find(({ node }) => node.endsWith('/home'));
        expect(home?.health).toMatch(/^(Healthy|Degraded)$/);
        expect(status?.completedAt).toBeDefined();
      },
    );
  });

  describe('the API server fails it', () => {
    test('now and then, in every way: the same end', async () => {
      const plan = seeded(7, 0.25, [
        answers.conflict,
        answers.internalError,
        { ...answers.tooManyRequests, retryAfterSeconds: 0 },
        { kind: 'lost-answer' },
        { kind: 'lost-request' },
      ]);
      let faults = 0;
      proxy.reset((request) => {
        const fault = plan(request);
        faults += fault === undefined ? 0 : 1;
        return fault;
      });
      const sessions = [];
      for (const name of ['home', 'mail', 'cart']) sessions.push(await begin({ self: [page(name)] }));
      for (const { ended } of sessions) {
        const { status } = await ended();
        expect(status).toMatchObject({ phase: 'Succeeded', outcome: 'NoFaultFound', iteration: 1 });
      }
      expect(faults).toBeGreaterThan(8);
    });

    test('altogether, for a while', async () => {
      const { look, ended } = await begin({ self: [page('home', '/home', { samples: 20, intervalMs: 100 })] });
      await until('the sweep', async () => ((await look()).status?.phase === 'Sweeping' ? true : undefined));
      const back = proxy.goDown();
      await new Promise((resolve) => setTimeout(resolve, 2500));
      back();
      expect((await ended()).status?.outcome).toBe('NoFaultFound');
    });

    test('its cache stands still: no status goes back, and the end is reached when it moves on', async () => {
      // Of what is broken a cause is told after one look.
      site.status = 500;
      const { seen, ended, look } = await begin({
        self: [page('home', '/changing', { samples: 10, intervalMs: 100 })],
      });
      await until('the sweep', async () => ((await look()).status?.phase === 'Sweeping' ? true : undefined));
      const release = proxy.holdWatches('debugsessions');
      await new Promise((resolve) => setTimeout(resolve, 2500));
      release();
      await ended();
      site.status = 200;
      const order = ['Pending', 'Sweeping', 'Diagnosing', 'Succeeded'];
      const phases = seen.map(({ status }) => order.indexOf(status?.phase ?? 'Pending'));
      expect(phases).toEqual(phases.toSorted((a, b) => a - b));
    });

    test('it is stopped in the middle and started again: the session goes on', async () => {
      const { look, ended } = await begin({ self: [page('home', '/home', { samples: 20, intervalMs: 100 })] });
      await until('the sweep', async () => ((await look()).status?.phase === 'Sweeping' ? true : undefined));
      await operator.stop();
      operator = startOperator(proxy);
      const { status } = await ended();
      expect(status).toMatchObject({ outcome: 'NoFaultFound', iteration: 1 });
    });
  });
});
