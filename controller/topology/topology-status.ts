import type { ServiceTopology } from '../api/kinds.ts';
import type { Health } from '../evidence/finding.ts';
import { type Condition, removeCondition, setCondition, setReadiness, type Readiness } from '../kube/conditions.ts';
import { ruleProblems } from './approval-rules.ts';
import { declaredIn, isDeclared } from './drift/declared.ts';
import { entriesOf } from './references.ts';
import { keyOf, type ResolvedGraph } from './resolved.ts';
import { redactHead } from '../redaction/redact.ts';

type Status = NonNullable<ServiceTopology['status']>;
type NodeStatus = NonNullable<Status['nodes']>[number];

/** How the map's nodes were when last looked at. */
export interface LastSweep {
  /** RFC 3339. */
  readonly at: string;
  /** By the node's id in the graph. */
  readonly health: ReadonlyMap<string, Health>;
  /** Who was seen and is on no map. */
  readonly undeclared?: readonly { readonly node: string; readonly name: string; readonly role: 'Called' | 'Caller' }[];
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
  const readied = readiness(nodes, ruleProblems(topology));
  const ready = setReadiness(topology.status?.conditions, readied, generation, now);
  const conditions = withDrifted(ready, driftOf(topology, resolved, sweep), generation, now);
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

/** What the map's own nodes told of, as far as no map declares it by now. */
function driftOf(topology: ServiceTopology, { graph }: ResolvedGraph, sweep: LastSweep | undefined): readonly string[] {
  const key = keyOf(topology);
  const own = new Set(graph.nodes.filter(({ listedBy }) => listedBy.includes(key)).map(({ id }) => id));
  const declared = declaredIn(graph);
  const still = (sweep?.undeclared ?? []).filter(
    ({ node, name }) => own.has(node) && !isDeclared(peerNamed(name), declared),
  );
  return still.map(({ node, name, role }) =>
    role === 'Called' ? `${name} (called, by ${node})` : `${name} (calls ${node})`,
  );
}

function peerNamed(name: string): { readonly name: string; readonly port?: number } {
  const [, host = name, port] = /^(.*):(\d+)$/.exec(name) ?? [];
  return { name: host, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** It is there while it is so. The map is as Ready as before: all that it says may be true. */
function withDrifted(
  conditions: readonly Condition[],
  drift: readonly string[],
  observedGeneration: number,
  now: Date,
): readonly Condition[] {
  if (drift.length === 0) return removeCondition(conditions, drifted);
  const message = `seen and on no map: ${drift.join(', ')}`.slice(0, 2000);
  return setCondition(
    conditions,
    { type: drifted, status: 'True', reason: 'UndeclaredDependencies', message, observedGeneration },
    now,
  );
}

export const drifted = 'Drifted';
