import type { ServiceTopology } from '../../api/kinds.ts';
import { MAX_NODES, resolveGraph } from '../resolve.ts';
import { doubtful, type Known, type MapCheck, type MapFault } from './fault.ts';
import {
  alertFaults,
  credentialFaults,
  environmentFaults,
  manifestFaults,
  policyFaults,
  ruleFaults,
  toolServerFaults,
} from './names.ts';
import { nodeFaults } from './nodes.ts';
import { thresholdFaults } from './thresholds.ts';

/** What lies beyond the map itself: where the joined graph is cut. */
const cutFaults: MapCheck = (topology, { source, skills }) => {
  const { graph, gaps } = resolveGraph(topology, source, skills);
  // A gap of the service itself is about the maps around it; those of nodes were told with the nodes.
  const far = gaps.filter(({ node }) => node === topology.spec.service);
  return [
    ...far.map(({ what, reason }) => doubtful('/spec', `${what}: ${reason}`)),
    ...(graph.nodes.length < MAX_NODES ? [] : [doubtful('/spec', `the graph is cut at ${MAX_NODES} nodes`)]),
  ];
};

const checks: readonly MapCheck[] = [
  nodeFaults,
  manifestFaults,
  credentialFaults,
  toolServerFaults,
  policyFaults,
  ruleFaults,
  environmentFaults,
  alertFaults,
  thresholdFaults,
  cutFaults,
];

/** All that is wrong or odd in a map whose shape is that of its schema, each thing with its place. */
export function mapFaults(topology: ServiceTopology, known: Known): readonly MapFault[] {
  return checks.flatMap((check) => check(topology, known));
}
