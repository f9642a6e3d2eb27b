import type { JsonObject } from '../api/json.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Prediction } from '../../skills/skill.ts';

/** A fix that a reasoner proposes: an action of the catalogue with parameters, on a node. */
export interface Fix {
  readonly action: string;
  readonly class: 'Infra' | 'Code';
  readonly node: string;
  readonly parameters: JsonObject;
  /** (action, target identity, direction): one idea, whatever its figures. Never repeated once it failed. */
  readonly signature: string;
  readonly rationale: string;
}

export interface Cause {
  readonly node: string;
  readonly kind: string;
  readonly summary: string;
  /** In [0, 1]. */
  readonly confidence: number;
}

/** A statement and the findings (ids in the bundle) it rests on. */
export interface Claim {
  readonly text: string;
  readonly findings: readonly string[];
}

/**
 * What a reasoner answers. `Cause`: something is wrong and this is why. `NoFault`: every node on the symptom's paths was
 * looked at and nothing is wrong. `Inconclusive`: nothing found, but not everything could be seen.
 */
export interface Diagnosis {
  readonly engine: string;
  /** Of an engine that asks a model: which one, and by which version of the prompt. */
  readonly model?: string;
  readonly promptVersion?: string;
  readonly bundleDigest: string;
  readonly verdict: 'Cause' | 'NoFault' | 'Inconclusive';
  readonly rootCause?: Cause;
  /** Nodes from the cause to the symptom, both included. */
  readonly chain: readonly string[];
  readonly claims: readonly Claim[];
  readonly gaps: readonly string[];
  /** Absent where nothing that is allowed and untried is left. */
  readonly fix?: Fix;
  readonly predictions: readonly Prediction[];
  readonly alternatives: readonly Cause[];
}

/** A session that has ended and was much like this one. */
export interface Precedent {
  /** `<namespace>/<name>` of the DebugSession. */
  readonly session: string;
  readonly endedAt: string;
  readonly symptom: string;
  readonly rootCause: { readonly node: string; readonly kind: string };
  /** Signatures of fixes that were proven to help, and of those that were not. */
  readonly worked: readonly string[];
  readonly failed: readonly string[];
  /** How like this session it is, against the likest: in (0, 1]. */
  readonly likeness: number;
}

/** A piece of a document that the map names, close to what was found. */
export interface Passage {
  /** Where it stands: `ConfigMap <name>/<key>` or `<owner>/<repository>@<sha> <path>`, with the heading or the line. */
  readonly source: string;
  readonly text: string;
}

/** What has been tried, here and before: what a reasoner must know so as not to go round in circles. */
export interface Memory {
  /** Signatures of fixes that failed; a fix with one of them is refused. */
  readonly failed: readonly string[];
  /** Signatures of fixes that are live because they helped in part. */
  readonly kept: readonly string[];
  readonly history: readonly {
    readonly iteration: number;
    readonly rootCause?: string;
    readonly signature?: string;
    readonly result: string;
  }[];
  /** The likest first. */
  readonly precedents?: readonly Precedent[];
  /** The closest first. */
  readonly passages?: readonly Passage[];
}

/** What a reasoner may propose here. Enforced again by the controller, whatever the engine says. */
export interface Limits {
  /** Is this action allowed on that node by the map that owns it and by the operator's configuration? */
  allowed(action: string, node: string): boolean;
}

export interface Reasoner {
  readonly engine: string;
  diagnose(bundle: EvidenceBundle, memory: Memory, limits: Limits, signal: AbortSignal): Promise<Diagnosis>;
}
