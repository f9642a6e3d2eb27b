import type { JsonObject } from '../api/json.ts';

/** How much a finding matters by itself, before any reasoning: Info explains, Warning hurts a little, Critical breaks. */
export type Severity = 'Info' | 'Warning' | 'Critical';

/** What a sweep says of a node. Unknown means "could not look", which is never "healthy". */
export type Health = 'Healthy' | 'Degraded' | 'Failing' | 'Unknown';

/**
 * One fact about one node that a person would want to know, told apart by `kind` = `<skill>.<Reason>`.
 * Times are RFC 3339 in UTC; `value` and `threshold` share `unit`.
 */
export interface Finding {
  /** Unique in its bundle and stable over a replay: derived from node, kind and subject. */
  readonly id: string;
  /** Id of the graph's node. */
  readonly node: string;
  readonly kind: string;
  readonly severity: Severity;
  /** One sentence for a person; at most 500 characters, redacted. */
  readonly summary: string;
  /** When it began, as far as the source tells. */
  readonly since?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly unit?: string;
  /** Where it was read: tool and the query or call, so that a person can look again. */
  readonly source: string;
  /** Whom it harms, as far as the system itself tells: names by which it knows its clients. Absent where it does not tell. */
  readonly harms?: readonly string[];
  /** True where all that is known is that nothing answered in time: the fault may be on our side or on the way. */
  readonly silent?: boolean;
  /** What remedies and verifiers need of it, in the skill's own words; at most 4 KiB. */
  readonly facts?: JsonObject;
}

/** What a series measures, which is all that the reasoner may know about it. */
export type Aspect = 'Latency' | 'Errors' | 'Availability' | 'Traffic' | 'Saturation';

/** A metric over time. `points` are [seconds since the epoch, value], oldest first, at most 360. */
export interface Series {
  readonly name: string;
  readonly node: string;
  readonly aspect: Aspect;
  readonly unit: string;
  readonly points: readonly (readonly [number, number])[];
  readonly source: string;
}

export type ChangeKind = 'Deploy' | 'Commit' | 'Configuration' | 'Schema';

/** Something that was changed on a node: what recency and "revert what started it" are reasoned from. */
export interface Change {
  readonly id: string;
  readonly node: string;
  readonly kind: ChangeKind;
  readonly at: string;
  readonly summary: string;
  readonly source: string;
  /** What identifies it to actions: commit sha, task definition revision, ... */
  readonly facts?: JsonObject;
}

/** A distinct log message with its variable parts masked, and how often it was seen. */
export interface LogTemplate {
  readonly template: string;
  readonly level: 'Error' | 'Warning' | 'Info';
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** One redacted message as it came, at most 2,000 characters. */
  readonly sample: string;
}

/** What could not be seen, and why: it lowers confidence, it exonerates nobody. */
export interface Gap {
  readonly node: string;
  readonly what: string;
  readonly reason: string;
}

/** Somebody that a system itself names as one that it calls, or that calls it: what a map is held against. */
export interface Peer {
  /** A host, or the name by which a client is known. Never an address or anything secret. */
  readonly name: string;
  readonly port?: number;
  readonly role: 'Called' | 'Caller';
  /** What told it. */
  readonly by: 'Configuration' | 'Connections' | 'Logs' | 'Traffic';
  /** The variable, the view or the label, so that a person can look again; at most 100 characters. */
  readonly source: string;
}

/** What one probe of one node answers. Every field is there even where it is empty. */
export interface ProbeResult {
  readonly findings: readonly Finding[];
  readonly series: readonly Series[];
  readonly changes: readonly Change[];
  readonly logTemplates: readonly LogTemplate[];
  readonly gaps: readonly Gap[];
  /** At most 40; absent where there are none. */
  readonly peers?: readonly Peer[];
  /** The thing that was looked at, the same for two maps that list it; see Skill.identity. */
  readonly identity: string;
}
