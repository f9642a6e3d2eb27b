import type { Graph, GraphNode, NodeEvidence } from '../../evidence/bundle.ts';
import type { Finding, Peer } from '../../evidence/finding.ts';
import { undeclaredDependency } from '../../evidence/undeclared.ts';
import { findingId } from '../../../skills/lib/finding-id.ts';
import { declaredIn, isDeclared } from './declared.ts';
import { logPeers } from './log-peers.ts';
import { isNobody } from './nobody.ts';

/** Somebody that a node tells to call, or to be called by, and that is on no map. */
export interface Undeclared extends Peer {
  /** Id of the graph's node that told it. */
  readonly node: string;
}

const mostOfNode = 10;
const mostOfAll = 30;

/** What a sweep saw beside the map, in the order of the graph's nodes. A pipeline's logs are about building, not about running. */
export function undeclaredIn(graph: Graph, nodes: readonly NodeEvidence[]): readonly Undeclared[] {
  const declared = declaredIn(graph);
  const types = new Map(graph.nodes.map(({ id, type, skill }) => [id, { type, skill }]));
  return nodes
    .flatMap(({ node, peers = [], logTemplates }) => {
      const { type = '', skill = '' } = types.get(node) ?? {};
      const told = type === 'ci' || skill === 'github-actions' ? [] : logPeers(logTemplates);
      const found = [...peers, ...told].filter((peer) => !isNobody(peer) && !isDeclared(peer, declared));
      return distinct(found)
        .slice(0, mostOfNode)
        .map((peer): Undeclared => ({ node, ...peer }));
    })
    .slice(0, mostOfAll);
}

/** A name once for each role, by what tells it best. */
function distinct(peers: readonly Peer[]): readonly Peer[] {
  const rank = { Configuration: 0, Connections: 1, Traffic: 2, Logs: 3 } as const;
  const ranked = peers.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : rank[a.by] - rank[b.by]));
  return [...new Map(ranked.toReversed().map((peer) => [`${peer.role} ${peer.name}`, peer])).values()].toReversed();
}

/** The evidence with a finding, of severity Info, for each of them at the node that told it. */
export function withDrift(graph: Graph, nodes: readonly NodeEvidence[]): readonly NodeEvidence[] {
  const byNode = Map.groupBy(undeclaredIn(graph, nodes), ({ node }) => node);
  const owners = new Map(graph.nodes.map((node) => [node.id, node]));
  return nodes.map((evidence) => {
    const found = byNode.get(evidence.node) ?? [];
    if (found.length === 0) return evidence;
    return {
      ...evidence,
      findings: [...evidence.findings, ...found.map((one) => findingOf(one, owners.get(one.node)))],
    };
  });
}

function findingOf(undeclared: Undeclared, node: GraphNode | undefined): Finding {
  const { name, port, role, by, source } = undeclared;
  return {
    id: findingId(undeclared.node, undeclaredDependency, `${role} ${name}`),
    node: undeclared.node,
    kind: undeclaredDependency,
    severity: 'Info',
    summary: sentenceOf(undeclared, node?.service ?? undeclared.node),
    source,
    facts: { name, role, by, ...(port === undefined ? {} : { port }) },
  };
}

/** For a person. */
export function sentenceOf({ name, port, role, by, source, node }: Undeclared, service: string): string {
  const who = port === undefined ? name : `${name}:${port}`;
  if (role === 'Caller') return `${who} uses ${node} (${source}) and is on no map`;
  if (by === 'Configuration') return `${service} is configured to call ${who} (${source}), which is on no map`;
  return `${service} calls ${who} (${source}), which is on no map`;
}
