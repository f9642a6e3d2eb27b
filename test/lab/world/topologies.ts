import type { ServiceTopologySpec } from '../../../controller/api/generated/service-topology.ts';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { carrierNode } from './carrier.ts';
import { catalogMap } from './catalog-map.ts';
import type { Decoys } from './decoys.ts';
import { managedCacheNode } from './managed-cache.ts';
import { alertsOf, type AlertOrders } from './map-alerts.ts';
import { monitoringNode } from './monitoring.ts';
import type { ServiceRole, WorldNames } from './names.ts';
import { functionFile, receiptsNode } from './receipts.ts';
import { rolloutNode } from './rollouts.ts';
import type { World } from './world.ts';

/** The remedies that come with the operator. A map names those that it allows. */
export const allRemedies: readonly string[] = [
  'aws-ecs.update-task-definition',
  'aws-ecs.force-new-deployment',
  'aws-ecs.roll-back',
  'aws-ecs.scale',
  'aws-lambda.update-configuration',
  'aws-lambda.set-concurrency',
  'aws-sqs.set-visibility-timeout',
  'postgres.terminate-backend',
  'redis.set-maxmemory-policy',
  'aws-elasticache.set-maxmemory-policy',
  'aws-elasticache.restore-parameter',
  'postgres.cancel-backend',
  'postgres.create-index',
  'github-actions.rerun-failed',
  'github-actions.dispatch',
  'github.revert-commit',
  'code-editor.set-number',
  'code-editor.replace-text',
];

export interface MapOptions {
  readonly namespace: string;
  readonly credentials: NonNullable<ServiceTopologySpec['credentials']>;
  readonly actions?: readonly string[];
  /** Repairs that the teams know of; see Preparation. */
  readonly recipes?: (role: ServiceRole) => readonly JsonObject[];
  readonly decoys?: Decoys;
  /** What an alert opens; no more than a plan without it. */
  readonly alerts?: AlertOrders;
}

export interface TopologyObject {
  readonly apiVersion: 'threehops.dev/v1alpha1';
  readonly kind: 'ServiceTopology';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: ServiceTopologySpec;
}

/** The maps as their teams would declare them: each knows its own parts and its neighbours, none the whole. */
export function topologiesOf(world: World, options: MapOptions): readonly TopologyObject[] {
  const { catalog } = world;
  const neighbours = neighboursOf(world, options.decoys);
  const services = serviceMaps(world, neighbours, options);
  return catalog === undefined ? services : [...services, catalogMap(world, catalog, options)];
}

function serviceMaps(
  world: World,
  neighbours: Readonly<Record<ServiceRole, Neighbours>>,
  options: MapOptions,
): readonly TopologyObject[] {
  const { names } = world;
  return world.roles.toReversed().map((role) => ({
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'ServiceTopology',
    metadata: { name: names[role], namespace: options.namespace },
    spec: {
      service: names[role],
      environment: { name: names.cluster, tier: 'Staging' },
      source: {
        repository: world.repository(role),
        baseBranch: 'main',
        workflow: names.workflow,
        checks: [['npm', 'test']],
        manifests: manifestsOf(world, role),
      },
      self: ownNodes(world, role, options.recipes?.(role)),
      ...neighbours[role],
      credentials: options.credentials,
      verify: { stabilizationSeconds: 6, maxErrorsPerMillion: 50_000 },
      tests: { load: loadTest(world), ...(role === 'frontend' ? { ui: uiTest(world) } : {}) },
      policy: {
        maxIterations: 4,
        actions: [...(options.actions ?? allRemedies)],
        schemaPaths: ['migrations/'],
        reportPath: 'docs/debugging/',
      },
      alerts: alertsOf(names[role], options.alerts),
    },
  }));
}

function manifestsOf({ names, receipts }: World, role: ServiceRole): { path: string; node: string }[] {
  const service = { path: 'deploy/task-definition.json', node: names.nodes.compute };
  const hasFunction = role === 'notification' && receipts !== undefined;
  return hasFunction ? [service, { path: functionFile, node: names.receipts }] : [service];
}

/** At the front door, wherever the fix was: what counts is that users are served. */
function loadTest(world: World): NonNullable<NonNullable<ServiceTopologySpec['tests']>['load']> {
  return {
    url: `${world.url('gateway')}/checkout`,
    method: 'POST',
    body: JSON.stringify({ amount: 1 }),
    connections: 2,
    requestsPerSecond: 10,
    durationSeconds: 3,
    maxErrorsPerMillion: 50_000,
    maxP95Milliseconds: 2000,
  };
}

/** What a buyer does. */
function uiTest(world: World): NonNullable<NonNullable<ServiceTopologySpec['tests']>['ui']> {
  return {
    url: `${world.url('frontend')}/`,
    steps: [
      { action: 'Expect', text: 'Ready to pay' },
      { action: 'Type', role: 'textbox', name: 'Amount', text: '7' },
      { action: 'Click', role: 'button', name: 'Pay' },
      { action: 'Expect', text: 'Paid, number' },
    ],
    maxConsoleErrors: 0,
    maxFailedRequests: 0,
  };
}

function pageNode(world: World): TopologyNode {
  const steps = [{ action: 'Expect', text: 'Ready to pay' }];
  return {
    name: world.names.nodes.page,
    type: 'page',
    skill: 'load-test',
    with: { url: `${world.url('frontend')}/`, steps },
  };
}

function ownNodes(world: World, role: ServiceRole, recipes: readonly JsonObject[] = []): TopologyNode[] {
  const { names } = world;
  const { nodes, cluster } = names;
  const repository = world.repository(role);
  const hasSettings = role === 'payments' || role === 'settlement';
  return [
    {
      name: nodes.compute,
      type: 'compute',
      skill: 'aws-ecs',
      // The lab publishes utilisation each second.
      with: { cluster, service: names[role], maxMemory: 1024, metricPeriodSeconds: 1 },
    },
    {
      name: nodes.logs,
      type: 'logs',
      skill: 'cloudwatch',
      with: {
        logGroups: [`/ecs/${names[role]}`],
        alarmPrefixes: [`${names[role]}-`],
        windowSeconds: 120,
        maxErrorsPerMillion: 50_000,
      },
    },
    {
      name: nodes.pipeline,
      type: 'ci',
      skill: 'github-actions',
      with: { repository, workflow: names.workflow, branch: 'main' },
    },
    { name: nodes.code, type: 'code', skill: 'github', with: { repository, baseBranch: 'main' } },
    ...(role === 'frontend' ? [pageNode(world)] : []),
    ...(hasSettings ? [settingsNode(names, repository, recipes)] : []),
    ...(world.monitoring === undefined ? [] : [monitoringNode(world.monitoring, names, role)]),
    ...(world.parts.has('rollouts') ? [rolloutNode(names, role)] : []),
  ];
}

/** Read by the skill that a team's own recipes are for, where there are any. */
function settingsNode(names: WorldNames, repository: string, recipes: readonly JsonObject[]): TopologyNode {
  const parameters = { repository, baseBranch: 'main', paths: [`config/${names.settingsFile}`] };
  return {
    name: names.nodes.settings,
    type: 'code',
    ...(recipes.length === 0
      ? { skill: 'code-reader', with: parameters }
      : { skill: 'code-editor', with: { ...parameters, recipes } }),
  };
}

type Neighbours = Pick<ServiceTopologySpec, 'upstream' | 'downstream'>;

function neighboursOf(world: World, decoys: Decoys | undefined): Readonly<Record<ServiceRole, Neighbours>> {
  const { names } = world;
  const { nodes } = names;
  const service = (role: ServiceRole): TopologyNode => ({
    ...http(names[role], `${world.url(role)}/health`),
    topologyRef: { name: names[role] },
  });
  const queue: TopologyNode = {
    name: names.queue,
    type: 'queue',
    skill: 'aws-sqs',
    with: { queueName: names.queue, maxDepth: 40, maxAgeSeconds: 20, processingSeconds: 5 },
  };
  return {
    frontend: { downstream: [service('gateway')] },
    gateway: {
      ...(world.parts.has('web') ? { upstream: [service('frontend')] } : {}),
      downstream: [service('payments'), ...catalogNodes(world), ...(decoys?.below.gateway ?? [])],
    },
    payments: {
      upstream: [service('gateway')],
      downstream: [
        database(world, nodes.database, names.database, [names.payments], paymentsSchema(names)),
        cache(world),
        { ...queue, topologyRef: { name: names.settlement } },
        service('notification'),
        ...(decoys?.below.payments ?? []),
      ],
    },
    settlement: {
      upstream: [queue, ...(decoys?.above.settlement ?? [])],
      downstream: [
        database(world, nodes.ledger, names.ledger, [names.settlement], ledgerSchema(names)),
        ...(decoys?.below.settlement ?? []),
      ],
    },
    notification: {
      upstream: [...(decoys?.above.notification ?? [])],
      downstream: [
        ...(world.carrier === undefined ? [] : [carrierNode(world.carrier, names.carrier)]),
        ...(world.receipts === undefined ? [] : [receiptsNode(names)]),
        ...(decoys?.below.notification ?? []),
      ],
    },
  };
}

/** The catalog as its caller sees it. */
function catalogNodes({ names, catalog }: World): TopologyNode[] {
  if (catalog === undefined) return [];
  return [{ ...http(names.catalog, `${catalog.url}/health`), topologyRef: { name: names.catalog } }];
}

export function http(name: string, url: string): TopologyNode {
  // As long as a caller waits for it, so that a busy machine is not taken for a slow service.
  return { name, type: 'http', skill: 'http-health', with: { url, maxLatencyMs: 3000 } };
}

/** Two databases of one server: what locks the one is nothing to the other, connections are everybody's. */
function database(
  { postgres }: World,
  name: string,
  databaseName: string,
  applicationNames: string[],
  expectedSchema: JsonObject,
): TopologyNode {
  return {
    name,
    type: 'db',
    skill: 'postgres',
    with: {
      host: postgres.host,
      port: postgres.port,
      database: databaseName,
      applicationNames,
      longTransactionSeconds: 10,
      idleInTransactionSeconds: 5,
      blockedSeconds: 3,
      expectedSchema,
    },
  };
}

/** What the services' statements name. */
function paymentsSchema({ tablePayments }: WorldNames): JsonObject {
  const columns = { id: 'bigint', amount: 'numeric', reference: 'text', reconciled: 'boolean' };
  return { [tablePayments]: { columns, indexes: [['id'], ['reference']] } };
}

function ledgerSchema({ tableAccounts }: WorldNames): JsonObject {
  return { [tableAccounts]: { columns: { name: 'text', balance: 'numeric' }, indexes: [['name']] } };
}

function cache({ names, redis, managedCache }: World): TopologyNode {
  if (managedCache !== undefined) return managedCacheNode(names);
  return { name: names.nodes.cache, type: 'cache', skill: 'redis', with: { host: redis.host, port: redis.port } };
}
