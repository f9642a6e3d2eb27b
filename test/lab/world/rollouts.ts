import type { TopologyNode } from '../../../controller/api/kinds.ts';
import type { ServiceRole, WorldNames } from './names.ts';

/** How a service's team watches its deployments, which take some seconds here. */
export function rolloutNode(names: WorldNames, role: ServiceRole): TopologyNode {
  const { nodes, cluster } = names;
  return {
    name: nodes.rollout,
    type: 'deployment',
    skill: 'deploy-waiter',
    with: { cluster, service: names[role], deployTimeoutSeconds: 20, stabilizationSeconds: 6 },
  };
}
