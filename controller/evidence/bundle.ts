import type { JsonObject } from '../api/json.ts';
import type { Change, Finding, Gap, Health, LogTemplate, Peer, Series } from './finding.ts';

/** Where a node stands towards the service whose map lists it. */
export type Role = 'Service' | 'Self' | 'Upstream' | 'Downstream';

/** A node of the resolved graph: the same thing listed by two maps is one node. */
export interface GraphNode {
  /** `<service>` for a service itself, `<service>/<name>` for what its map lists. Unique in the graph. */
  readonly id: string;
  readonly name: string;
  /** The topology's open type word (http, db, queue, compute, ...); `service` for a service itself. */
  readonly type: string;
  readonly role: Role;
  /** The map that owns the node, `<namespace>/<name>`: where an act on it is allowed and its PR goes. */
  readonly topology: string;
  /** All maps that list it, the owner first: what merged on its identity. */
  readonly listedBy: readonly string[];
  /** The service in the middle of the owning map. */
  readonly service: string;
  /** Empty for a service itself: it is seen through its own nodes and its callers. */
  readonly skill: string;
  readonly with: JsonObject;
  readonly identity: string;
  /** What a team's own skill knows of causes; frozen here, so that a diagnosis can be made again without the resource. */
  readonly remedies?: readonly DeclaredRemedy[];
}

/** A remedy as plain data: these findings have this cause, and this action of the catalogue heals it. */
export interface DeclaredRemedy {
  readonly id: string;
  readonly cause: string;
  readonly forKinds: readonly string[];
  readonly action: string;
  readonly parameters: JsonObject;
  readonly rationale: string;
}

/** `from` suffers when `to` is ill: a caller from what it calls, a queue from its consumer, a producer from its queue. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'Calls' | 'StoresIn' | 'Feeds' | 'ConsumedBy' | 'ConsistsOf' | 'SeenThrough';
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What the sweep saw of one node. */
export interface NodeEvidence {
  readonly node: string;
  readonly health: Health;
  readonly findings: readonly Finding[];
  readonly series: readonly Series[];
  readonly changes: readonly Change[];
  readonly logTemplates: readonly LogTemplate[];
  readonly gaps: readonly Gap[];
  readonly peers?: readonly Peer[];
  readonly tookMs: number;
}

/** What a person or an alert said is wrong. */
export interface Symptom {
  readonly description: string;
  /** The graph's node where it shows. */
  readonly node: string;
  readonly since?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * All that a reasoner may know, frozen: canonical JSON, redacted before it is hashed, addressed by its SHA-256.
 * A diagnosis can be made again from it, offline.
 */
export interface EvidenceBundle {
  readonly formatVersion: 1;
  readonly session: {
    readonly name: string;
    readonly uid: string;
    readonly iteration: number;
    /** What was changed after this may be the session's own doing: it is no cause of what the session was opened for. */
    readonly startedAt: string;
  };
  readonly capturedAt: string;
  /** The window the probes looked at. */
  readonly window: { readonly from: string; readonly to: string };
  readonly symptom: Symptom;
  readonly graph: Graph;
  readonly nodes: readonly NodeEvidence[];
  /** What did not fit or was cut, and why. */
  readonly leftOut: readonly Gap[];
}
