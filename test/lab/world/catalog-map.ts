import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { type Catalog, catalogManifest } from '../kubernetes/catalog.ts';
import { alertsOf } from './map-alerts.ts';
import type { WorldNames } from './names.ts';
import type { MapOptions, TopologyObject } from './topologies.ts';
import type { World } from './world.ts';

const catalogRemedies: readonly string[] = [
  'kubernetes.update-container',
  'kubernetes.undo-rollout',
  'kubernetes.restart',
  'kubernetes.scale',
];

/** The map of the service that runs on Kubernetes: one Deployment, and a repository with its definition. */
export function catalogMap(world: World, catalog: Catalog, options: MapOptions): TopologyObject {
  const { names } = world;
  const { namespace, credentials, actions = catalogRemedies } = options;
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'ServiceTopology',
    metadata: { name: names.catalog, namespace },
    spec: {
      service: names.catalog,
      environment: { name: names.cluster, tier: 'Staging' },
      source: {
        repository: world.repository('catalog'),
        baseBranch: 'main',
        manifests: [{ path: catalogManifest, node: names.nodes.workload }],
      },
      self: [workload(names, catalog)],
      credentials,
      verify: { stabilizationSeconds: 5, maxErrorsPerMillion: 50_000 },
      tests: {
        load: {
          url: catalog.url,
          method: 'GET',
          connections: 2,
          requestsPerSecond: 10,
          durationSeconds: 5,
          maxErrorsPerMillion: 50_000,
        },
      },
      policy: { maxIterations: 4, actions: [...actions], reportPath: 'docs/debugging/' },
      alerts: alertsOf(names.catalog, options.alerts),
    },
  };
}

function workload(names: WorldNames, { namespace }: Catalog): TopologyNode {
  return {
    name: names.nodes.workload,
    type: 'compute',
    skill: 'kubernetes',
    with: { context: names.cluster, namespace, deployment: names.catalog, maxMemory: 1024 },
  };
}
