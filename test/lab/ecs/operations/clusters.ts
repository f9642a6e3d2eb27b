import type {
  Cluster,
  CreateClusterRequest,
  CreateClusterResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersRequest,
  ListClustersResponse,
} from '@aws-sdk/client-ecs';
import { nameIn } from '../model/arns.ts';
import type { ClusterRecord } from '../model/records.ts';
import { countTasks } from '../model/service-view.ts';
import type { Operation } from './context.ts';
import { checkName, checkTags, paginate } from './input.ts';

/** Creating a cluster that is there answers it as it is. */
export const createCluster: Operation<CreateClusterRequest, CreateClusterResponse> = ({ world }, input) => {
  const name = checkName(input.clusterName ?? 'default', 'Cluster name');
  const existing = world.clusters.get(name);
  if (existing?.status === 'ACTIVE') return { cluster: viewCluster(existing, ['TAGS', 'SETTINGS']) };
  const cluster: ClusterRecord = {
    name,
    arn: world.arns.cluster(name),
    status: 'ACTIVE',
    tags: checkTags(input.tags),
    settings: input.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
    services: new Map(),
    tasks: new Map(),
  };
  world.clusters.set(name, cluster);
  return { cluster: viewCluster(cluster, ['TAGS', 'SETTINGS']) };
};

export const describeClusters: Operation<DescribeClustersRequest, DescribeClustersResponse> = ({ world }, input) => {
  const clusters: Cluster[] = [];
  const failures = [];
  for (const reference of input.clusters ?? ['default']) {
    const name = nameIn(reference);
    const cluster = world.clusters.get(name);
    if (cluster === undefined) failures.push({ arn: world.arns.cluster(name), reason: 'MISSING' });
    else clusters.push(viewCluster(cluster, input.include ?? []));
  }
  return { clusters, failures };
};

export const listClusters: Operation<ListClustersRequest, ListClustersResponse> = ({ world }, input) => {
  const active = [...world.clusters.values()].filter(({ status }) => status === 'ACTIVE');
  const [clusterArns, nextToken] = paginate(
    active.map(({ arn }) => arn),
    input,
  );
  return { clusterArns, nextToken };
};

function viewCluster(cluster: ClusterRecord, include: readonly string[]): Cluster {
  const { runningCount, pendingCount } = countTasks([...cluster.tasks.values()]);
  const services = [...cluster.services.values()].filter(({ status }) => status === 'ACTIVE');
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: runningCount,
    pendingTasksCount: pendingCount,
    activeServicesCount: services.length,
    statistics: [],
    tags: include.includes('TAGS') ? cluster.tags : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
