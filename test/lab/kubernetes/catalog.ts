import { dump } from 'js-yaml';
import type { PartOptions } from '../parts/part.ts';
import { until } from '../parts/process.ts';
import type { WorldNames } from '../world/names.ts';
import { startFront } from './front.ts';
import { type KubernetesCluster, startKubernetes } from './part.ts';
import { needsMemory, needsVariable } from './stages.ts';

/** The catalog's program, as its pods have it. */
export interface CatalogSpec {
  readonly image: string;
  /** MiB. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly replicas: number;
  /** Cores that each pod asks for. */
  readonly cpu: string;
}

/** The service that runs on Kubernetes, and how users reach it. */
export interface Catalog {
  readonly cluster: KubernetesCluster;
  readonly namespace: string;
  /** Of what stands in front of its Service. */
  readonly url: string;
  /** Bearer token of who may read the namespace and change its workloads. */
  readonly token: string;
  /** Its definition as it is deployed at the start. */
  readonly usual: CatalogSpec;
  /** Deploys another definition, as a person at a terminal does. */
  readonly deploy: (changes: Partial<CatalogSpec>) => Promise<void>;
  /** Pods that are available. */
  readonly available: () => Promise<number>;
  stop(): Promise<void>;
}

const namespace = 'shop';
const needed = 'PRICE_LIST';
/** MiB that the program uses. */
const used = 100;
const manifestFile = 'deploy/deployment.yaml';

/** Brings the cluster up with the catalog in it, healthy. */
export async function startCatalog(options: PartOptions, names: WorldNames): Promise<Catalog> {
  const image = `registry.lab/${names.catalog}`;
  const usual: CatalogSpec = {
    image: `${image}:1.4.2`,
    memory: 128,
    environment: { LOG_LEVEL: 'info', [needed]: 'spring' },
    replicas: 2,
    cpu: '100m',
  };
  const cluster = await startKubernetes({ ...options, images: [usual.image, `${image}:1.5.0`] });
  const token = await cluster.admit(namespace);
  await cluster.apply([deploymentOf(names, usual), serviceOf(names)]);
  const available = async (): Promise<number> => {
    const read = await cluster.get(namespace, 'deployment', names.catalog);
    return (read as { status: { availableReplicas?: number } }).status.availableReplicas ?? 0;
  };
  const all = async (): Promise<true | undefined> => ((await available()) === usual.replicas ? true : undefined);
  await until(`${names.catalog} to be available`, all, 30_000);
  const { url, ca } = cluster;
  const front = { url, ca, token, namespace, service: names.catalog, signal: options.signal };
  return {
    cluster,
    namespace,
    url: await startFront(front),
    token,
    usual,
    available,
    deploy: (changes) => cluster.apply([deploymentOf(names, { ...usual, ...changes })]),
    stop: () => cluster.stop(),
  };
}

/** The catalog's repository: its code is nobody's business here, its definition is. */
export function catalogFiles(names: WorldNames, usual: CatalogSpec): Readonly<Record<string, string>> {
  return {
    'README.md': `# ${names.catalog}\n\nWhat is for sale, and for how much.\n`,
    [manifestFile]: dump(deploymentOf(names, usual), { lineWidth: -1 }),
  };
}

export const catalogManifest = manifestFile;

function deploymentOf(names: WorldNames, spec: CatalogSpec): object {
  const labels = { app: names.catalog };
  const limits = { memory: `${spec.memory}Mi`, cpu: spec.cpu };
  const env = Object.entries(spec.environment).map(([name, value]) => ({ name, value }));
  const container = { name: names.catalog, image: spec.image, env, resources: { limits, requests: limits } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: names.catalog, namespace },
    spec: {
      replicas: spec.replicas,
      // Staging has room for one version at a time.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { [needsMemory]: String(used), [needsVariable]: needed } },
        spec: { containers: [container] },
      },
    },
  };
}

function serviceOf(names: WorldNames): object {
  const metadata = { name: names.catalog, namespace };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: names.catalog }, ports: [{ port: 80 }] },
  };
}
