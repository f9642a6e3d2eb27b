import type { ServiceTopology } from '../api/kinds.ts';
import type { Health } from '../evidence/finding.ts';
import { setReadiness, type Readiness } from '../kube/conditions.ts';
import { ruleProblems } from './approval-rules.ts';
import { entriesOf } from './references.ts';
import type { ResolvedGraph } from './resolved.ts';
import { redactHead } from '../redaction/redact.ts';

type Status = NonNullable<ServiceTopology['status']>;
type NodeStatus = NonNullable<Status['nodes']>[number];

/** How the map's nodes were when last looked at. */
export interface LastSweep {
  /** RFC 3339. */
  readonly at: string;
  /** By the node's id in the graph. */
  readonly health: ReadonlyMap<string, Health>;
}

const keepNodes = 180;

/** What a map resolves to, what its nodes lack, and how they were when last looked at. */
export function topologyStatus(
  topology: ServiceTopology,
  resolved: ResolvedGraph,
  sweep: LastSweep | undefined,
  now: Date,
): Status {
  const { generation } = topology.metadata;
  const nodes = nodesOf(topology, resolved, sweep);
  const conditions = setReadiness(
    topology.status?.conditions,
    readiness(nodes, ruleProblems(topology)),
    generation,
    now,
  );
  return { observedGeneration: generation, nodeCount: resolved.graph.nodes.length, nodes, conditions: [...conditions] };
}

/** A line a name: a name that two lists of the map use has one, and says so. */
function nodesOf(topology: ServiceTopology, resolved: ResolvedGraph, sweep: LastSweep | undefined): NodeStatus[] {
  const lines = new Map<string, NodeStatus>();
  for (const [role, { name, skill }] of entriesOf(topology)) {
    const id = `${topology.spec.service}/${name}`;
    const problems = resolved.gaps.filter((gap) => gap.node === id).map(({ what, reason }) => `${what}: ${reason}`);
    const health = sweep?.health.get(id);
    if (lines.has(name)) continue;
    lines.set(name, {
      name,
      role,
      skill,
      ...(health === undefined || sweep === undefined ? {} : { health, lastSweepAt: sweep.at }),
      ...(problems.length === 0 ? {} : { problem: redactHead([...new Set(problems)].join('; '), 500) }),
    });
  }
  return [...lines.values()].slice(0, keepNodes);
}

function readiness(nodes: readonly NodeStatus[], rules: readonly string[]): Readiness {
  if (nodes.length === 0) {
    return {
      state: 'Stalled',
      reason: 'NoNodes',
      message: 'spec.self, upstream and downstream name no node to look at',
    };
  }
  const bad = nodes.filter((node) => node.problem !== undefined);
  if (bad.length === 0 && rules.length > 0)
    return { state: 'Stalled', reason: 'RulesInvalid', message: redactHead(rules.join('; '), 2000) };
  if (bad.length === 0)
    return { state: 'Ready', reason: 'Resolved', message: `${nodes.length} nodes can be looked at` };
  const message = [...bad.map((node) => `node ${node.name}: ${node.problem}`), ...rules].join('; ');
  return { state: 'Stalled', reason: 'NodesIncomplete', message: redactHead(message, 2000) };
}
