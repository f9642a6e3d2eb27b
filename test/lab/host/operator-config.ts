import { freePort } from '../parts/process.ts';
import type { DebianBinary } from '../parts/debian.ts';
import type { World } from '../world/world.ts';
import { modelConfig, type LabModel } from './model.ts';
import type { ApiIdentity } from './operator-api.ts';

export interface OperatorAddresses {
  readonly metrics: string;
  /** Of the live progress and the alerts. */
  readonly api: string;
}

export async function freeAddresses(): Promise<OperatorAddresses> {
  const [metrics, api] = [await freePort(), await freePort()];
  return { metrics: `127.0.0.1:${metrics}`, api: `127.0.0.1:${api}` };
}

export interface OperatorConfigInput {
  readonly world: World;
  readonly namespace: string;
  readonly addresses: OperatorAddresses;
  readonly bubblewrap?: DebianBinary;
  readonly model?: LabModel;
  /** Of its API, which is without TLS else. */
  readonly identity?: ApiIdentity;
}

/** The platform's word for the lab: everything within it and nothing beyond, in seconds where production takes minutes. */
export function operatorConfig(input: OperatorConfigInput): object {
  const { world, namespace, addresses, bubblewrap, model, identity } = input;
  const { names } = world;
  const aws = awsServer(world);
  const libraries = bubblewrap?.env?.['LD_LIBRARY_PATH'];
  return {
    allow: {
      awsAccounts: [world.accountId],
      clusters: [names.cluster],
      hosts: [...new Set(['127.0.0.1', ...(model === undefined ? [] : [new URL(model.baseUrl).hostname])])],
      cidrs: ['127.0.0.0/8'],
      repositories: [`${names.owner}/*`],
      workflows: [`${names.owner}/*/*`],
      namespaces: [namespace],
    },
    servers: {
      'aws-ecs': { ...aws, allowedAccounts: [world.accountId], allowedClusters: [names.cluster] },
      ...(world.receipts === undefined ? {} : { 'aws-lambda': { ...aws, allowedAccounts: [world.accountId] } }),
      cloudwatch: aws,
      'aws-sqs': aws,
      'aws-elasticache': aws,
      github: {
        baseUrl: world.forge.apiUrl,
        gitBaseUrl: world.forge.url,
      },
      ...kubernetesServer(world),
      ...(world.chromium === undefined ? {} : { load: { browser: browserOf(world.chromium) } }),
    },
    ...(model === undefined ? {} : { claude: modelConfig(model) }),
    leaderElection: { leaseSeconds: 8, renewSeconds: 6, retrySeconds: 1 },
    metricsAddress: addresses.metrics,
    apiAddress: addresses.api,
    ...(identity === undefined ? {} : { apiTls: { certFile: identity.certFile, keyFile: identity.keyFile } }),
    ...(bubblewrap === undefined
      ? {}
      : { sandbox: { bubblewrap: bubblewrap.path, ...(libraries === undefined ? {} : { libraryPath: libraries }) } }),
    timings: {
      // A browser takes seconds to start.
      probeSeconds: world.chromium === undefined ? 8 : 40,
      lookbackSeconds: 90,
      toolCallSeconds: world.chromium === undefined ? 6 : 35,
      pollMs: 300,
      ciSeconds: 60,
      rolloutSeconds: 30,
      predictionSeconds: 15,
      approvalSeconds: 3600,
      lockRetryMs: 500,
      shutdownSeconds: 3,
    },
    coalesceMs: 2000,
  };
}

function kubernetesServer({ names, catalog }: World): object {
  if (catalog === undefined) return {};
  const { url, ca } = catalog.cluster;
  const clusters = { [names.cluster]: { server: url, ca } };
  return { kubernetes: { clusters, allowedNamespaces: [`${names.cluster}/${catalog.namespace}`] } };
}

function browserOf({ path, env }: DebianBinary): object {
  const { LD_LIBRARY_PATH: libraryPath } = env;
  return { chromium: path, ...(libraryPath === undefined ? {} : { libraryPath }) };
}

function awsServer(world: World): object {
  const { region, awsUrl: endpoint, managedCache, receipts } = world;
  const elasticache = managedCache === undefined ? {} : { elasticache: managedCache.url };
  const lambda = receipts === undefined ? {} : { lambda: receipts.url };
  return { region, endpoint, endpoints: { ecs: world.ecs.url, ...elasticache, ...lambda } };
}
