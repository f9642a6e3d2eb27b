import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { EvidenceBundle, Graph, GraphNode, NodeEvidence } from '../../../controller/evidence/bundle.ts';
import type { LogTemplate, Peer } from '../../../controller/evidence/finding.ts';
import { undeclaredDependency } from '../../../controller/evidence/undeclared.ts';
import { undeclaredIn, withDrift } from '../../../controller/topology/drift/drift.ts';

const node = (name: string, skill: string, given: JsonObject = {}, more: Partial<GraphNode> = {}): GraphNode => ({
  id: `shop/${name}`,
  name,
  type: 'compute',
  role: 'Self',
  topology: 'team/shop',
  listedBy: ['team/shop'],
  service: 'shop',
  skill,
  with: given,
  identity: name,
  ...more,
});
const graph: Graph = {
  nodes: [
    { ...node('shop', ''), id: 'shop', role: 'Service', type: 'service' },
    node('tasks', 'aws-ecs', { cluster: 'staging', service: 'shop' }),
    node('logs', 'cloudwatch', { logGroups: ['/ecs/shop'] }),
    node('pipeline', 'github-actions', { repository: 'acme/shop' }, { type: 'ci' }),
    node(
      'database',
      'postgres',
      { host: 'db.staging.internal', database: 'shop', applicationNames: ['shop-web'] },
      { role: 'Downstream' },
    ),
    node('cache', 'redis', {}, { role: 'Downstream' }),
    node('ledger', 'http-health', { url: 'https://ledger.staging.internal/health' }, { role: 'Downstream' }),
  ],
  edges: [],
};

const seen = (id: string, more: Partial<NodeEvidence> = {}): NodeEvidence => ({
  node: `shop/${id}`,
  health: 'Healthy',
  findings: [],
  series: [],
  changes: [],
  logTemplates: [],
  gaps: [],
  tookMs: 1,
  ...more,
});
const configured = (...names: string[]): readonly Peer[] =>
  names.map((name) => {
    const [host = '', port] = name.split(':');
    return {
      name: host,
      ...(port === undefined ? {} : { port: Number(port) }),
      role: 'Called',
      by: 'Configuration',
      source: 'SOME_URL',
    };
  });
const log = (sample: string): LogTemplate => ({
  template: sample,
  level: 'Error',
  count: 3,
  firstAt: '2026-01-01T00:00:00Z',
  lastAt: '2026-01-01T00:00:00Z',
  sample,
});
const named = (...nodes: NodeEvidence[]) =>
  undeclaredIn(graph, nodes).map((one) => `${one.node} ${one.role} ${one.name}`);

describe('who is on no map', () => {
  test.each([
    'Error: getaddrinfo ENOTFOUND mail.partner.io',
    'Error: connect ECONNREFUSED mail.partner.io:587',
    'dial tcp: lookup mail.partner.io on 10.0.0.2:53: no such host',
    'Get "https://mail.partner.io/v1": context deadline exceeded',
    "HTTPSConnectionPool(host='mail.partner.io', port=443): Max retries exceeded",
    'could not translate host name "mail.partner.io" to address',
    'java.net.UnknownHostException: mail.partner.io',
    'Could not resolve host: mail.partner.io',
    '{"level":"error","message":"cannot reach mail.partner.io"}',
    'upstream: "http://mail.partner.io:8080/send", host: "shop.example.com"',
    'POST https://mail.partner.io/v1/send answered 503',
    'request to https://mail.partner.io/ failed, reason: socket hang up',
  ])('a host that a client could not reach: %s', (sample) => {
    expect(named(seen('logs', { logTemplates: [log(sample)] }))).toEqual(['shop/logs Called mail.partner.io']);
  });

  test.each([
    'see https://partner.io/errors/42 for help',
    '{"url":"https://shop.example.com/checkout","status":500}',
    'listening on http://shop.partner.io:8080',
    'connect ECONNREFUSED 10.0.3.7:5432',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'getaddrinfo ENOTFOUND localhost',
    'GET http://169.254.169.254/latest/meta-data timed out',
    'Post "https://otel-collector.monitoring:4318/v1/traces": EOF',
    'GET https://npm.registry.example.org/left-pad failed',
    'POST https://sqs.eu-west-1.amazonaws.com/ 503',
    'cannot reach database',
    'user a@mail.partner.io was not found',
  ])('not one whose role is not clear, nor telemetry, registries, addresses and clouds: %s', (sample) => {
    expect(named(seen('logs', { logTemplates: [log(sample)] }))).toEqual([]);
  });

  test('what processes are configured to call, and a cloud’s resources that have a host of their own', () => {
    const peers = configured(
      'mail.partner.io',
      'orders.abc123.eu-west-1.rds.amazonaws.com:5433',
      'sqs.eu-west-1.amazonaws.com',
    );
    expect(named(seen('tasks', { peers }))).toEqual([
      'shop/tasks Called mail.partner.io',
      'shop/tasks Called orders.abc123.eu-west-1.rds.amazonaws.com',
    ]);
  });

  test('who uses a store of the map', () => {
    const peers: Peer[] = ['reporting', 'shop-web', 'shop', 'shop_worker', 'ledger'].map((name) => ({
      name,
      role: 'Caller',
      by: 'Connections',
      source: 'pg_stat_activity',
    }));
    expect(named(seen('database', { peers }))).toEqual(['shop/database Caller reporting']);
  });

  test.each([
    ['by its host', 'ledger.staging.internal'],
    ['by the first of its names', 'ledger'],
    ['by its name in another domain', 'ledger.shop.svc.cluster.local'],
    ['by what a node is called', 'database'],
    ['as a part of a service', 'shop-images.staging.internal'],
    ['as the system of a node that says not where it is', 'elsewhere.internal:6379'],
  ])('not what is on it %s', (_, name) => {
    expect(named(seen('tasks', { peers: configured(name) }))).toEqual([]);
  });

  test('a pipeline’s log is about building', () => {
    expect(named(seen('pipeline', { logTemplates: [log('getaddrinfo ENOTFOUND mail.partner.io')] }))).toEqual([]);
  });

  test('each once, by what tells it best, and not without end', () => {
    const both = seen('tasks', {
      peers: configured('mail.partner.io'),
      logTemplates: [log('getaddrinfo ENOTFOUND mail.partner.io'), log('cannot reach mail.partner.io')],
    });
    expect(undeclaredIn(graph, [both])).toMatchObject([{ name: 'mail.partner.io', by: 'Configuration' }]);
    const many = configured(...Array.from({ length: 40 }, (_, index) => `host-${index}.partner.io`));
    expect(undeclaredIn(graph, [seen('tasks', { peers: many })])).toHaveLength(10);
    expect(
      undeclaredIn(
        graph,
        graph.nodes.slice(1).map(({ name }) => seen(name, { peers: many })),
      ),
    ).toHaveLength(30);
  });
});

describe('it becomes a finding', () => {
  const evidence = [seen('tasks', { peers: configured('mail.partner.io:587') }), seen('logs')];

  test('at the node that told it, of no weight, and the node is as healthy as it was', () => {
    const [tasks, logs] = withDrift(graph, evidence);
    expect(tasks).toMatchObject({
      health: 'Healthy',
      findings: [
        {
          kind: undeclaredDependency,
          severity: 'Info',
          summary: 'shop is configured to call mail.partner.io:587 (SOME_URL), which is on no map',
          facts: { name: 'mail.partner.io', port: 587, role: 'Called', by: 'Configuration' },
        },
      ],
    });
    expect(logs).toBe(evidence[1]);
  });

  test('the same each time', () => {
    expect(
      withDrift(
        graph,
        withDrift(graph, evidence).map((one) => ({ ...one, findings: [] })),
      ),
    ).toEqual(withDrift(graph, evidence));
  });
});

test('the bundles that were recorded in the lab tell of nobody but the one who was made up there', () => {
  const folder = join(import.meta.dirname, '../../fixtures/recordings');
  const found = new Set<string>();
  let bundles = 0;
  for (const file of readdirSync(folder)) {
    const { diagnoses } = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString()) as {
      readonly diagnoses: readonly { readonly bundle: EvidenceBundle }[];
    };
    for (const { bundle } of diagnoses) {
      bundles += 1;
      for (const { name } of undeclaredIn(bundle.graph, bundle.nodes)) found.add(`${file} ${name}`);
    }
  }
  expect(bundles).toBeGreaterThan(50);
  expect([...found]).toEqual(['dns-name-wrong.json.gz notify.staging.invalid']);
});
