import type { JsonObject } from '../../controller/api/json.ts';
import type { EvidenceBundle, GraphEdge, GraphNode, NodeEvidence, Role } from '../../controller/evidence/bundle.ts';
import type { Aspect, Change, ChangeKind, Finding, Gap, Series, Severity } from '../../controller/evidence/finding.ts';
import { healthOf } from '../../controller/evidence/health.ts';

const endMs = Date.parse('2026-01-01T12:00:00Z');

/** RFC 3339 of a moment before the end of the bundle's window. */
export function ago(seconds: number): string {
  return new Date(endMs - seconds * 1000).toISOString();
}

interface Looked {
  readonly findings: Finding[];
  readonly changes: Change[];
  readonly series: Series[];
  readonly gaps: Gap[];
  unknown: boolean;
}

/** Builds the evidence of an invented system, edge by edge as the topology's resolution would. */
export class BundleBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges: GraphEdge[] = [];
  readonly #looked = new Map<string, Looked>();
  readonly #leftOut: Gap[] = [];

  service(name: string): this {
    this.#add('Service', name, '', name);
    return this;
  }

  self(service: string, name: string, skill: string): this {
    const id = this.#add('Self', name, skill, service);
    return this.edge(service, id, 'ConsistsOf');
  }

  /** A resource of the service's own map. */
  uses(service: string, name: string, skill: string, kind: GraphEdge['kind'] = 'StoresIn'): this {
    const id = this.#add('Downstream', name, skill, service);
    return this.edge(service, id, kind);
  }

  /** A caller's view of another service. */
  calls(service: string, other: string, skill = 'http'): this {
    const id = this.#add('Downstream', other, skill, service);
    return this.edge(service, id, 'Calls').edge(id, other, 'SeenThrough');
  }

  edge(from: string, to: string, kind: GraphEdge['kind']): this {
    this.#edges.push({ from, to, kind });
    return this;
  }

  /** @param given its facts; `harms` among them, a list of names, is whom it harms; `value`, `threshold`, `unit` and `silent` are the finding's own too */
  finding(node: string, kind: string, severity: Severity, sinceAgo?: number, given: JsonObject = {}): this {
    const { findings } = this.#at(node);
    const { harms, ...facts } = given;
    const { value, threshold, unit, silent } = facts;
    findings.push({
      id: `${node}:${kind}:${findings.length}`,
      node,
      kind,
      severity,
      summary: `${kind} was seen`,
      source: 'made up',
      facts,
      ...(sinceAgo === undefined ? {} : { since: ago(sinceAgo) }),
      ...(typeof value === 'number' ? { value } : {}),
      ...(typeof threshold === 'number' ? { threshold } : {}),
      ...(typeof unit === 'string' ? { unit } : {}),
      ...(silent === true ? { silent } : {}),
      ...(Array.isArray(harms) ? { harms: harms.map(String) } : {}),
    });
    return this;
  }

  change(node: string, kind: ChangeKind, atAgo: number, facts: JsonObject = {}): this {
    const { changes } = this.#at(node);
    const id = `${node}:${kind}:${changes.length}`;
    changes.push({ id, node, kind, at: ago(atAgo), summary: `a ${kind} of ${atAgo} s ago`, source: 'made up', facts });
    return this;
  }

  /** One point a minute, the last at the end of the window. */
  series(node: string, aspect: Aspect, unit: string, values: readonly number[]): this {
    const { series } = this.#at(node);
    const at = (index: number): number => endMs / 1000 - (values.length - 1 - index) * 60;
    const points = values.map((value, index): [number, number] => [at(index), value]);
    series.push({ name: aspect, node, aspect, unit, points, source: 'made up' });
    return this;
  }

  unknown(node: string): this {
    const looked = this.#at(node);
    looked.unknown = true;
    looked.gaps.push({ node, what: 'the whole node', reason: 'no answer in time' });
    return this;
  }

  gap(node: string): this {
    this.#at(node).gaps.push({ node, what: 'a part of it', reason: 'one tool failed' });
    return this;
  }

  leftOut(node: string): this {
    this.#leftOut.push({ node, what: 'this node', reason: 'the graph is cut' });
    return this;
  }

  build(symptom: string, iteration = 1, since?: string): EvidenceBundle {
    const window = { from: ago(3600), to: ago(0) };
    return {
      formatVersion: 1,
      session: { name: 'session', uid: 'uid', iteration, startedAt: ago(60) },
      capturedAt: window.to,
      window,
      symptom: { description: 'it does not work', node: symptom, ...(since === undefined ? {} : { since }) },
      graph: { nodes: [...this.#nodes.values()], edges: [...this.#edges] },
      nodes: [...this.#looked].map(([node, looked]) => evidenceFrom(node, looked)),
      leftOut: [...this.#leftOut],
    };
  }

  #add(role: Role, name: string, skill: string, service: string): string {
    const id = role === 'Service' ? name : `${service}/${name}`;
    const topology = `default/${service}`;
    const type = role === 'Service' ? 'service' : skill;
    const identity = `identity of ${id}`;
    this.#nodes.set(id, { id, name, type, role, topology, listedBy: [topology], service, skill, with: {}, identity });
    if (role !== 'Service') this.#looked.set(id, { findings: [], changes: [], series: [], gaps: [], unknown: false });
    return id;
  }

  #at(node: string): Looked {
    const looked = this.#looked.get(node);
    if (looked === undefined) throw new Error(`there is no node ${node} to look at`);
    return looked;
  }
}

function evidenceFrom(node: string, { findings, changes, series, gaps, unknown }: Looked): NodeEvidence {
  const health = unknown ? 'Unknown' : healthOf(findings);
  return { node, health, findings, changes, gaps, series, logTemplates: [], tookMs: 1 };
}
