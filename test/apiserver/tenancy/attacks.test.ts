import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toolServerResource } from '../../../controller/api/generated/tool-server.ts';
import type { ServiceTopology, ToolServer } from '../../../controller/api/kinds.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { resource, type Resource } from '../../../controller/kube/resource.ts';
import { until } from '../../lab/parts/process.ts';
import { forever, mapsOf, refusal, type Installed } from '../session/installed.ts';
import { startRecorder, type Recorder } from './recorder.ts';
import { nodeOf, page, prometheus, reachable, secrets, twoTenants, type Tenants } from './tenants.ts';

const toolServers: Resource<ToolServer> = toolServerResource;
const slices = resource<KubeObject>('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice');
/** Made as the test runs: what must be found nowhere. */
const token = ['the', 'victims', 'token', String(process.pid)].join('-');

let tenants: Tenants;
/** The attacker's own server, and that of whoever the credentials belong to: reached alike. */
let evil: Recorder;
let good: Recorder;

beforeAll(async () => {
  tenants = await twoTenants('tenancy', { before: publish });
  [evil, good] = await Promise.all([startRecorder(reachable), startRecorder(reachable)]);
});
beforeEach(() => {
  for (const server of [evil, good]) {
    server.requests.splice(0);
    server.redirectTo = undefined;
  }
});
afterAll(async () => {
  await tenants.on.admin.client.resource(slices).delete({ namespace: 'default', name: 'kubernetes' }, forever);
  await tenants.close();
  await evil.stop();
  await good.stop();
});

/** As every API server does, but for that of these tests. */
async function publish({ admin }: Installed): Promise<void> {
  const labels = { 'kubernetes.io/service-name': 'kubernetes' };
  const slice = {
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['203.0.113.77'] }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
  await admin.client.resource(slices).create(slice as never, forever);
}

const credentials = (name: string) => [{ skill: 'prometheus', access: 'Read' as const, secretRef: { name } }];
const shown = ({ requests }: Recorder) => requests.flatMap(({ headers }) => headers.authorization ?? []);

/** Everything that the attacker may read in his namespace, as one text. */
async function seenByAttacker(): Promise<string> {
  const kinds = 'servicetopologies,debugsessions,toolservers,skills,approvals,events';
  const { stdout } = await tenants.on.cluster.kubectl(['get', kinds, '-n', tenants.attacker, '-o', 'json']);
  return stdout;
}

describe("a map that names another namespace's Secret", () => {
  beforeAll(() => tenants.secret(tenants.victim, 'prometheus', { token }, '*'));

  test.each([
    ['by its name', 'prometheus'],
    ['by namespace and name', 'tenancy-victim/prometheus'],
    ['by a path', '../../tenancy-victim/secrets/prometheus'],
    ['by an encoded path', '..%2F..%2Ftenancy-victim%2Fsecrets%2Fprometheus'],
  ])('%s: it is not read for it', async (_, name) => {
    const { mallory, attacker } = tenants;
    const spec = { self: [prometheus(evil.url)], credentials: credentials(name) };
    const end = await tenants.diagnose(mallory, attacker, spec);
    const { health, summary } = nodeOf(end, 'prometheus') ?? {};
    expect(health).toBe('Unknown');
    expect(summary).toMatch(/Secret tenancy-attacker\/.* (is not there|cannot be read)/);
    expect(shown(evil)).toEqual([]);
    expect(await seenByAttacker()).not.toContain(token);
  });

  test('nor by a field that the schema does not have', async () => {
    const { mallory, attacker, victim } = tenants;
    const reference = { name: 'prometheus', namespace: victim };
    const spec = {
      self: [prometheus(evil.url)],
      credentials: [{ skill: 'prometheus', access: 'Read', secretRef: reference }],
    };
    const end = await tenants.diagnose(mallory, attacker, spec as Partial<ServiceTopology['spec']>);
    expect(nodeOf(end, 'prometheus')).toMatchObject({
      health: 'Unknown',
      summary: expect.stringContaining('is not there'),
    });
    expect(shown(evil)).toEqual([]);
  });

  test('the victim’s own map has it', async () => {
    await tenants.diagnose(tenants.on.dana, tenants.victim, {
      self: [prometheus(good.url)],
      credentials: credentials('prometheus'),
    });
    expect(new Set(shown(good))).toEqual(new Set([`Bearer ${token}`]));
  });

  test('the attacker himself may not read it, nor the victim’s maps', async () => {
    const { mallory, victim } = tenants;
    const key = { namespace: victim, name: 'prometheus' };
    expect(await refusal(mallory.client.resource(secrets).get(key, forever))).toMatchObject({ status: 403 });
    expect(await refusal(mapsOf(mallory).list({ namespace: victim }, forever))).toMatchObject({ status: 403 });
  });
});

describe("a map that names another namespace's map", () => {
  const shop = async (name: string, spec: Partial<ServiceTopology['spec']>) => {
    const key = { namespace: tenants.victim, name };
    await mapsOf(tenants.on.dana).create({ metadata: key, spec: { service: name, ...spec } }, forever);
  };
  const referring = (name: string) => ({
    self: [page('own', `${evil.url}/own`)],
    downstream: [page('theirs', `${evil.url}/theirs`, { topologyRef: { name, namespace: tenants.victim } })],
  });

  test('not shared with it: nothing of it is seen, and it is not told from one that is not there', async () => {
    await shop('hidden', { self: [page('inner', `${good.url}/hidden`)] });
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, referring('hidden'));
    const nowhere = await tenants.diagnose(tenants.mallory, tenants.attacker, referring('nowhere'));
    expect(good.requests).toEqual([]);
    expect(nodeOf(end, 'inner')).toBeUndefined();
    const gaps = (session: typeof end) =>
      JSON.stringify(session.status?.diagnosis?.gaps ?? []).replaceAll(/hidden|nowhere|attempt-\d+/g, 'X');
    expect(gaps(end)).toContain('does not exist or is not shared with namespace tenancy-attacker');
    expect(gaps(end)).toBe(gaps(nowhere));
  });

  test('shared with it: it is looked at', async () => {
    await shop('open', {
      self: [page('inner', `${good.url}/open`)],
      sharedWith: [{ namespace: tenants.attacker, access: 'Findings' }],
    });
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, referring('open'));
    expect(nodeOf(end, 'inner')).toMatchObject({ health: 'Healthy' });
    expect(good.requests.length).toBeGreaterThan(0);
  });

  test('and shares itself with it: it is in none of the victim’s sessions, unless the victim shares too', async () => {
    const { on, mallory, attacker, victim } = tenants;
    const intruder = (name: string) => ({
      service: `intruder-${name}`,
      sharedWith: [{ namespace: victim, access: 'Act' as const }],
      self: [page('trap', `${evil.url}/trap-${name}`)],
      downstream: [page('theirs', `${evil.url}/x`, { topologyRef: { name, namespace: victim } })],
      policy: { actions: ['aws-ecs.scale'] },
    });
    const ofName = async (name: string, spec: Partial<ServiceTopology['spec']>) => {
      await mapsOf(mallory).create(
        { metadata: { namespace: attacker, name: `on-${name}` }, spec: intruder(name) } as never,
        forever,
      );
      return tenants.diagnose(on.dana, victim, { self: [page('home', `${good.url}/${name}`)], ...spec });
    };
    // The next names that a session's map of this file gets.
    const made = await ofName('none-yet', {});
    const next = Number(made.metadata.name.slice('attempt-'.length)) + 1;
    const closed = await ofName(`attempt-${next}`, {});
    expect(closed.metadata.name).toBe(`attempt-${next}`);
    expect(nodeOf(closed, 'home')).toMatchObject({ health: 'Healthy' });
    expect(evil.requests).toEqual([]);
    const sharing = await ofName(`attempt-${next + 1}`, { sharedWith: [{ namespace: attacker, access: 'Findings' }] });
    expect(nodeOf(sharing, 'trap')).toBeDefined();
    expect(evil.requests.length).toBeGreaterThan(0);
  });
});

describe("a host that it controls, with somebody's credentials", () => {
  beforeAll(async () => {
    // Of a colleague, in the same namespace: who may write maps may name it.
    await tenants.secret(tenants.attacker, 'colleague', { token }, 'prometheus.internal.example');
    await tenants.secret(tenants.attacker, 'own', { token }, reachable);
    const metadata = {
      name: 'unlabelled',
      namespace: tenants.attacker,
      annotations: { 'threehops.dev/allowed-hosts': '*' },
    };
    await tenants.on.admin.client.resource(secrets).create({ metadata, stringData: { token } } as never, forever);
  });

  test('a map sends none to it', async () => {
    const spec = { self: [prometheus(evil.url)], credentials: credentials('colleague') };
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, spec);
    expect(nodeOf(end, 'prometheus')).toMatchObject({
      health: 'Unknown',
      summary: expect.stringContaining('NotForTheseCredentials'),
    });
    expect(evil.requests).toEqual([]);
  });

  test('a Secret whose owner has not said that it may be used is not', async () => {
    const spec = { self: [prometheus(evil.url)], credentials: credentials('unlabelled') };
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, spec);
    expect(nodeOf(end, 'prometheus')).toMatchObject({
      health: 'Unknown',
      summary: expect.stringContaining('has no label threehops.dev/use=true'),
    });
    expect(evil.requests).toEqual([]);
  });

  test('a redirect of the right host takes none there', async () => {
    good.redirectTo = `${evil.url}/caught`;
    const spec = { self: [prometheus(good.url)], credentials: credentials('own') };
    await tenants.diagnose(tenants.mallory, tenants.attacker, spec);
    expect(shown(good)).toContain(`Bearer ${token}`);
    expect(evil.requests).toEqual([]);
  });

  test('a ToolServer sends none to it', async () => {
    const { mallory, attacker, on } = tenants;
    const spec = {
      url: `${evil.url}/mcp`,
      credentials: { secretRef: { name: 'colleague' } },
      tools: { read: ['look'] },
    };
    const key = { namespace: attacker, name: 'evil' };
    await mallory.client.resource(toolServers).create({ metadata: key, spec } as never, forever);
    const told = await until('the ToolServer to be told', async () => {
      const { status } = await on.admin.client.resource(toolServers).get(key, forever);
      return status?.conditions?.find(({ type }) => type === 'Reconciling' || type === 'Stalled');
    });
    expect(told.message).toContain('NotForTheseCredentials');
    expect(evil.requests).toEqual([]);
  });

  test('the host that they are for is shown them', async () => {
    await tenants.diagnose(tenants.mallory, tenants.attacker, {
      self: [prometheus(good.url)],
      credentials: credentials('own'),
    });
    expect(shown(good)).toContain(`Bearer ${token}`);
  });
});

describe('a metadata or API-server address', () => {
  const canary = '/version?attack=';
  const apiServer = () => new URL(tenants.proxy.kubeConfig().getCurrentCluster()?.server ?? '');
  /** As the operator knows it here: by the host of its kubeconfig. */
  const at = (host: string) => `${apiServer().protocol}//${host}:${apiServer().port}${canary}`;

  test.each<[string, () => string, string]>([
    ['the API server by its address', () => at('127.0.0.1'), 'ApiServer'],
    ['it by its name', () => at('localhost'), 'ApiServer|Loopback'],
    ['it by its name with a dot', () => at('localhost.'), 'ApiServer|Loopback'],
    ['it as one number', () => at('2130706433'), 'ApiServer'],
    ['it in octal', () => at('0177.0.0.1'), 'ApiServer'],
    ['it in hexadecimal', () => at('0x7f000001'), 'ApiServer'],
    ['it mapped into IPv6', () => at('[::ffff:127.0.0.1]'), 'ApiServer'],
    ['it by no address', () => at('0.0.0.0'), 'Unspecified'],
    ['the Service kubernetes', () => 'https://10.0.0.1/version', 'ApiServer'],
    ['an endpoint that it publishes', () => 'https://203.0.113.77:6443/version', 'ApiServer'],
    ['the metadata address', () => 'http://169.254.169.254/latest/meta-data/', 'Metadata'],
    ['the metadata address through NAT64', () => 'http://[64:ff9b::a9fe:a9fe]/', 'EmbeddedIpv4'],
    ["Alibaba's metadata", () => 'http://100.100.100.200/latest/meta-data/', 'Metadata'],
    ["Azure's wire server", () => 'http://168.63.129.16/machine', 'Metadata'],
  ])('%s is not reached', async (_, url, reason) => {
    const before = tenants.dialled.length;
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, { self: [page('target', url())] });
    expect(nodeOf(end, 'target')).toMatchObject({
      health: 'Unknown',
      summary: expect.stringMatching(new RegExp(`refused: (${reason})`)),
    });
    expect(tenants.proxy.seen.filter(({ query }) => query.has('attack'))).toEqual([]);
    const special = /^(169\.254\.|100\.100\.100\.200|168\.63\.|10\.0\.0\.1:|203\.0\.113\.|64:ff9b|0\.0\.0\.0|::)/;
    expect(tenants.dialled.slice(before).filter((address) => special.test(address))).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['the metadata address', () => 'http://169.254.169.254/latest/meta-data/'],
    ['the API server', () => at('127.0.0.1')],
  ])('a redirect to %s is not followed', async (_, to) => {
    evil.redirectTo = to();
    const before = tenants.dialled.length;
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, {
      self: [page('target', `${evil.url}/start`)],
    });
    expect(evil.requests.length).toBeGreaterThan(0);
    expect(nodeOf(end, 'target')).toMatchObject({ health: 'Unknown', summary: expect.stringContaining('refused') });
    expect(tenants.proxy.seen.filter(({ query }) => query.has('attack'))).toEqual([]);
    expect(tenants.dialled.slice(before).filter((address) => address.startsWith('169.254.'))).toEqual([]);
  });

  test('what the configuration allows is reached, redirected too, and seen to be', async () => {
    evil.redirectTo = `${good.url}/there`;
    const end = await tenants.diagnose(tenants.mallory, tenants.attacker, {
      self: [page('target', `${evil.url}/start`)],
    });
    expect(nodeOf(end, 'target')).toMatchObject({ health: 'Healthy' });
    expect(good.requests.map(({ path }) => path)).toContain('/there');
    expect(tenants.dialled).toContain(new URL(good.url).host);
  });
});

describe('a map of production', () => {
  test.each(['Production', 'production', 'Prod', ''])('has no tier to say so: %j', async (tier) => {
    const spec = { service: 'live', environment: { name: 'live', tier } };
    const key = { namespace: tenants.attacker, name: 'live' };
    const answer = await refusal(mapsOf(tenants.mallory).create({ metadata: key, spec } as never, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('spec.environment.tier') });
  });

  test('a lower one has', async () => {
    const spec = { service: 'lower', environment: { name: 'staging', tier: 'Staging' as const } };
    const key = { namespace: tenants.attacker, name: 'lower' };
    await expect(mapsOf(tenants.mallory).create({ metadata: key, spec } as never, forever)).resolves.toMatchObject({
      metadata: key,
    });
  });
});
