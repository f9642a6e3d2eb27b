import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startEcs, type EcsEndpoint } from '../ecs/endpoint.ts';
import { motoLogSink } from '../ecs/sinks/moto-log-sink.ts';
import { motoMetricSink } from '../ecs/sinks/moto-metric-sink.ts';
import { startForge, type Forge } from '../forge/forge.ts';
import { catalogFiles, type Catalog, startCatalog } from '../kubernetes/catalog.ts';
import { startInsights } from '../insights/server.ts';
import { present } from '../../../skills/lib/reading.ts';
import { debianProgram, type DebianBinary } from '../parts/debian.ts';
import { startMoto } from '../parts/moto.ts';
import { startPostgres } from '../parts/postgres.ts';
import { until } from '../parts/process.ts';
import { startRedis } from '../parts/redis.ts';
import { startCarrier, type Carrier } from './carrier.ts';
import { imagesOf } from './images.ts';
import { copyModules } from './modules.ts';
import { startManagedCache, type ManagedCache } from './managed-cache.ts';
import { startMonitoring, type Monitoring } from './monitoring.ts';
import type { LabPart } from './parts.ts';
import { createQueues, type Queues } from './queues.ts';
import { deployReceipts, type Receipts, receiptsFiles, startReceipts } from './receipts.ts';
import { type MapRole, rolesOf, type ServiceRole, type WorldNames } from './names.ts';
import { type Definitions, repositoryFiles, usualDefinitions } from './repositories.ts';
import { startTraffic, type Traffic } from './traffic.ts';

/**
 * An outside write that reached the lab, before it is applied or before it is answered. Answering `drop` keeps the answer back; on
 * `received` the write is then not carried out either.
 */
export type OnOutsideWrite = (what: string, phase: 'received' | 'applied') => Promise<'drop' | void> | 'drop' | void;

export interface WorldOptions {
  /** On a path that any user may pass through. */
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  readonly names: WorldNames;
  readonly definitions?: Definitions;
  readonly needs?: readonly LabPart[];
  readonly requestsPerSecond?: number;
  readonly onWrite?: OnOutsideWrite;
  /** Files of a repository's first commit that are not the usual ones. */
  readonly files?: (role: ServiceRole) => Readonly<Record<string, string>>;
}

/** The lower environment: what a fault is put into and what is judged from outside. */
export interface World extends Queues {
  readonly names: WorldNames;
  /** Which of the further parts are there. */
  readonly parts: ReadonlySet<LabPart>;
  /** Of the part `carrier`. */
  readonly carrier?: Carrier;
  /** Of the part `elasticache`: the cache is a cluster of it. */
  readonly managedCache?: ManagedCache;
  /** Of the part `lambda`. */
  readonly receipts?: Receipts;
  /** Of the part `prometheus`. */
  readonly monitoring?: Monitoring;
  /** Its services, the last called first. */
  readonly roles: readonly ServiceRole[];
  /** The users' browser, where there is a page for it. */
  readonly chromium: DebianBinary | undefined;
  readonly forge: Forge;
  readonly ecs: EcsEndpoint;
  readonly ecsClient: ECSClient;
  readonly sqs: SQSClient;
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly redis: Awaited<ReturnType<typeof startRedis>>;
  readonly traffic: Traffic;
  /** The service on Kubernetes, where that part is there. */
  readonly catalog?: Catalog;
  /** Endpoint of all of AWS but ECS. */
  readonly awsUrl: string;
  readonly region: string;
  readonly accountId: string;
  /** Logins of the database: the services' own, one that reads statistics, one that may end backends. */
  readonly logins: Readonly<
    Record<'services' | 'reader' | 'operator', { readonly user: string; readonly password: string }>
  >;
  repository(role: MapRole): string;
  url(role: ServiceRole): string;
  stop(): Promise<void>;
}

type Started = Omit<World, 'traffic' | 'stop' | keyof Queues> & { readonly flush: () => Promise<void> };

/** Brings the whole environment up, healthy, under its usual traffic. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  mkdirSync(options.dataDir, { recursive: true });
  chmodSync(options.dataDir, 0o755);
  const started = await startParts({ ...options, signal });
  const queues = await createQueues(started);
  await seedRepositories(started, options);
  await deployReceipts(started);
  await deployAll(started, options);
  const traffic = startTraffic(frontDoor(started), options.requestsPerSecond ?? 4, signal);
  return {
    ...started,
    ...queues,
    traffic,
    async stop() {
      await traffic.stop();
      await started.forge.stop();
      await started.ecs.stop();
      await started.flush();
      started.ecsClient.destroy();
      started.sqs.destroy();
      await Promise.all([
        started.postgres.stop(),
        started.redis.stop(),
        started.monitoring?.prometheus.stop(),
        started.monitoring?.alertmanager?.stop(),
        started.receipts?.stop(),
        started.catalog?.stop(),
      ]);
      end.abort();
    },
  };
}

/** Where the users' requests go: through the page's own API, where there is a page. */
function frontDoor({ parts, url }: Pick<World, 'parts' | 'url'>): string {
  return parts.has('web') ? `${url('frontend')}/api` : url('gateway');
}

async function startParts(options: WorldOptions): Promise<Started> {
  const { dataDir, signal, progress, names, onWrite } = options;
  const part = (name: string) => ({ dataDir: ensure(join(dataDir, name)), signal, progress });
  progress('starting PostgreSQL, Redis and AWS (moto)');
  const bwrap = debianProgram('bwrap', { signal, progress }).catch(() => undefined);
  const parts = new Set(options.needs);
  const roles = rolesOf(parts);
  const [postgres, redis, moto, catalog, chromium] = await Promise.all([
    startPostgres({ ...part('postgres'), maxConnections: 40, settings: { max_parallel_workers_per_gather: '0' } }),
    startRedis(part('redis')),
    startMoto(part('moto')),
    parts.has('kubernetes') ? startCatalog(part('kubernetes'), names) : undefined,
    parts.has('web') ? debianProgram('chromium', { signal, progress }) : undefined,
  ]);
  const insights = await startInsights({ motoUrl: moto.url, signal });
  const logins = await seedDatabase(postgres, names);
  let ecsUrl = '';
  const forge = await startForge({
    dataDir: ensure(join(dataDir, 'forge')),
    signal,
    bwrap: (await bwrap)?.path ?? false,
    actionsEnvironment: () => ({ secrets: { ECS_ENDPOINT: ecsUrl }, variables: { ECS_CLUSTER: names.cluster } }),
    ...(onWrite === undefined ? {} : { onWrite: async (write, phase) => onWrite(`forge ${write.kind}`, phase) }),
  });
  const logs = motoLogSink({ clientConfig: moto.clientConfig });
  const metrics = motoMetricSink({ clientConfig: moto.clientConfig });
  const carrier = parts.has('carrier') ? await startCarrier(join(dataDir, 'carrier'), signal) : undefined;
  const resolveImage = imagesOf(forge, ensure(join(dataDir, 'images')), names.owner);
  const functions = { dataDir: ensure(join(dataDir, 'functions')), moto: moto.clientConfig, resolveImage, signal };
  const receipts = parts.has('lambda') ? await startReceipts(functions) : undefined;
  const urls = new Map<ServiceRole, string>();
  const modules = copyModules(['pg', 'redis'], join(dataDir, 'modules'));
  const shared = {
    NODE_PATH: modules,
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: moto.region,
    DATABASE_HOST: postgres.host,
    DATABASE_PORT: String(postgres.port),
    DATABASE_USER: logins.services.user,
    DATABASE_PASSWORD: logins.services.password,
    REDIS_URL: redis.url,
    ...(carrier === undefined ? {} : { CARRIER_URL: carrier.url, NODE_EXTRA_CA_CERTS: carrier.caFile }),
    ...(receipts === undefined ? {} : { AWS_ENDPOINT_URL_LAMBDA: receipts.url, RECEIPTS_FUNCTION: names.receipts }),
  };
  const ecs = await startEcs({
    signal,
    resolveImage,
    taskEnvironment: () => ({
      ...shared,
      GATEWAY_URL: urls.get('gateway') ?? '',
      PAYMENTS_URL: urls.get('payments') ?? '',
      NOTIFICATION_URL: urls.get('notification') ?? '',
    }),
    logSink: logs.write,
    metricSink: metrics.write,
    ...(onWrite === undefined ? {} : { onWrite: (operation, phase) => tellEcsWrite(onWrite, operation, phase) }),
  });
  ecsUrl = ecs.url;
  for (const role of roles) urls.set(role, await ecs.frontUrl(names.cluster, names[role]));
  const { credentials } = moto.clientConfig;
  return {
    names,
    parts,
    ...present({ carrier, receipts, catalog }),
    ...(parts.has('elasticache') ? { managedCache: await startManagedCache(names, moto, redis, signal) } : {}),
    ...(parts.has('prometheus') ? { monitoring: await startMonitoring(names, urls, { part, parts }) } : {}),
    roles,
    chromium,
    forge,
    ecs,
    ecsClient: new ECSClient({ endpoint: ecs.url, region: ecs.region, credentials }),
    sqs: new SQSClient(moto.clientConfig),
    postgres,
    redis,
    awsUrl: insights.url,
    region: moto.region,
    accountId: moto.accountId,
    logins,
    repository: (role) => `${names.owner}/${names[role]}`,
    url: (role) => urls.get(role) ?? '',
    flush: async () => {
      await logs.close();
      await metrics.close();
    },
  };
}

/** ECS cannot drop a connection; a rejection is answered with a server's error, which whoever is gone does not read. */
async function tellEcsWrite(onWrite: OnOutsideWrite, operation: string, phase: 'received' | 'answered'): Promise<void> {
  const answer = await onWrite(`ecs ${operation}`, phase === 'answered' ? 'applied' : phase);
  if (answer === 'drop') throw new Error('the write was dropped by the onWrite hook');
}

function ensure(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  return folder;
}

const paymentsColumns = `id bigserial PRIMARY KEY, amount numeric NOT NULL, reference text, reconciled boolean NOT NULL DEFAULT false`;

/** For finding a payment that comes twice, and for what is left to reconcile. */
function paymentsIndexes(table: string): string {
  return `CREATE INDEX ON ${table} (reference); CREATE INDEX ON ${table} (id) WHERE NOT reconciled`;
}

async function seedDatabase(postgres: World['postgres'], names: WorldNames): Promise<World['logins']> {
  const services = await postgres.createRole('services', 'services-of-the-lab');
  const reader = await postgres.createRole('threehops_reader', 'reader-of-the-lab', ['pg_monitor']);
  // A member of the owner's role, because nobody else may change a table.
  const operator = await postgres.createRole('threehops_operator', 'operator-of-the-lab', [
    'pg_monitor',
    'pg_signal_backend',
    services.user,
  ]);
  const create = async (database: string, table: string, columns: string): Promise<void> => {
    await postgres.createDatabase(database, services);
    await postgres.sql(database, `CREATE TABLE ${table} (${columns})`);
    await postgres.sql(database, `ALTER TABLE ${table} OWNER TO ${services.user}`);
    // EXPLAIN is for those who may read what it explains.
    await postgres.sql(database, `GRANT SELECT ON ${table} TO ${reader.user}`);
  };
  await create(names.database, names.tablePayments, paymentsColumns);
  await create(names.ledger, names.tableAccounts, 'name text PRIMARY KEY, balance numeric NOT NULL');
  await postgres.sql(names.database, paymentsIndexes(names.tablePayments));
  await postgres.sql(names.ledger, `INSERT INTO ${names.tableAccounts} VALUES ('merchant', 0), ('fees', 0)`);
  return { services, reader, operator };
}

async function seedRepositories(world: Started, options: WorldOptions): Promise<void> {
  const definitions = options.definitions ?? usualDefinitions(world.names);
  const author = { name: 'Dana Developer', email: 'dana@lab.localhost' };
  for (const role of world.roles) {
    const files = {
      ...repositoryFiles(role, world.names, definitions[role]),
      ...(world.receipts !== undefined && role === 'notification' ? receiptsFiles(world.names) : {}),
      ...options.files?.(role),
    };
    const date = new Date(Date.now() - 86_400_000);
    await world.forge.createRepository(world.repository(role), {
      files,
      author,
      date,
      message: `${world.names[role]} as it has run for months`,
      protectedBranches: ['main'],
    });
  }
  if (world.catalog === undefined) return;
  const files = catalogFiles(world.names, world.catalog.usual);
  await world.forge.createRepository(world.repository('catalog'), {
    files,
    author,
    protectedBranches: ['main'],
  });
}

/** Deploys what is on main, as the workflows did months ago. */
async function deployAll(world: Started, { progress, names }: WorldOptions): Promise<void> {
  progress('deploying the services');
  await world.ecsClient.send(new CreateClusterCommand({ clusterName: names.cluster }));
  for (const role of world.roles) await createService(world, role);
  await Promise.all(world.roles.map((role) => awaitRollout(world, role)));
}

async function createService(world: Started, role: ServiceRole): Promise<void> {
  const { names, forge, ecsClient } = world;
  const sha = await forge.git(world.repository(role), ['rev-parse', 'main']);
  const text = await forge.git(world.repository(role), ['show', `${sha}:deploy/task-definition.json`]);
  // Our own file, in the shape of the call's input.
  const definition = JSON.parse(text.replace(':latest', `:${sha}`)) as ConstructorParameters<
    typeof RegisterTaskDefinitionCommand
  >[0];
  const { taskDefinition } = await ecsClient.send(new RegisterTaskDefinitionCommand(definition));
  await ecsClient.send(
    new CreateServiceCommand({
      cluster: names.cluster,
      serviceName: names[role],
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: 1,
    }),
  );
}

/** Waits until a service's rollout is over and nothing of an older one runs. */
export async function awaitRollout(
  world: Pick<World, 'ecsClient' | 'names'>,
  role: ServiceRole,
  timeoutMs = 30_000,
): Promise<void> {
  const { names, ecsClient } = world;
  await until(
    `${names[role]} to be deployed`,
    async () => {
      const { services = [] } = await ecsClient.send(
        new DescribeServicesCommand({ cluster: names.cluster, services: [names[role]] }),
      );
      const deployments = services[0]?.deployments ?? [];
      return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED' ? true : undefined;
    },
    timeoutMs,
  );
}
