import type { EvidenceBundle, GraphNode, NodeEvidence } from '../evidence/bundle.ts';
import type { Change, Finding, Series } from '../evidence/finding.ts';
import { isOfTheWorld } from '../evidence/undeclared.ts';
import type { Unit } from './graph.ts';
import { doubtingSilence } from './silence.ts';

/** A bundle by node, in an order that does not depend on how it was gathered. */
export interface Evidence {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly byNode: ReadonlyMap<string, NodeEvidence>;
  /** When the sweep began, in seconds since the epoch: what is dated later was seen then and began at a time unknown. */
  readonly swept: number;
  /** The end of the second in which the session began, since the epoch: what was changed since may be its own doing. */
  readonly began: number;
}

/** What is known of a unit. Findings on callers' views are told apart, changes are newest first. */
export interface UnitEvidence {
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
  readonly series: readonly Series[];
  /** Nodes that could not be looked at. */
  readonly unseen: readonly string[];
  readonly seen: readonly string[];
}

export function evidenceOf(bundle: EvidenceBundle): Evidence {
  return {
    nodes: new Map(bundle.graph.nodes.map((node) => [node.id, node])),
    byNode: new Map(doubtingSilence(bundle).map((evidence) => [evidence.node, ofTheWorld(evidence)])),
    swept: secondsOf(bundle.capturedAt) ?? Infinity,
    // Kubernetes tells times in whole seconds, and a session does nothing in its first one.
    began: (secondsOf(bundle.session.startedAt) ?? Infinity) + 1,
  };
}

/** What is said of the map is nothing that happened. */
function ofTheWorld(evidence: NodeEvidence): NodeEvidence {
  return evidence.findings.every(isOfTheWorld)
    ? evidence
    : { ...evidence, findings: evidence.findings.filter(isOfTheWorld) };
}

/** All that was seen of the unit: its nodes, the parts it shares, and what its callers see of it. */
export function unitEvidence(unit: Unit, evidence: Evidence): UnitEvidence {
  const all = [...unit.members, ...unit.shared, ...unit.views];
  const found = all.flatMap((node) => evidence.byNode.get(node) ?? []);
  const own = [...unit.members, ...(unit.members.length === 0 ? unit.views : [])];
  const isUnseen = (node: string): boolean => (evidence.byNode.get(node)?.health ?? 'Unknown') === 'Unknown';
  const looked = own.filter((node) => evidence.nodes.get(node)?.role !== 'Service');
  return {
    findings: found.flatMap(({ findings }) => findings).toSorted(byId),
    changes: found
      .flatMap(({ changes }) => changes)
      .filter((change) => (secondsOf(change.at) ?? 0) < evidence.began)
      .toSorted((a, b) => b.at.localeCompare(a.at) || byId(a, b)),
    series: found.flatMap(({ series }) => series).toSorted((a, b) => compare(seriesKey(a), seriesKey(b))),
    unseen: looked.filter(isUnseen),
    seen: looked.filter((node) => !isUnseen(node)),
  };
}

function seriesKey({ node, name, aspect }: Series): string {
  return `${node} ${name} ${aspect}`;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function secondsOf(time: string | undefined): number | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : at / 1000;
}
