import type { Severity } from '../../../controller/evidence/finding.ts';
import answers from './scenario.json' with { type: 'json' };

/** What skills and reasoner answer at once; the reference operator reads the same file. Node names are those of the map. */
export interface Scenario {
  readonly service: string;
  readonly nodes: readonly ScenarioNode[];
  readonly findings: readonly ScenarioFinding[];
  readonly diagnosis: {
    readonly engine: string;
    readonly cause: ScenarioCause;
    /** The empty name is the service itself. */
    readonly chain: readonly string[];
    /** Each names the nodes on whose findings it rests. */
    readonly claims: readonly { readonly text: string; readonly findings: readonly string[] }[];
    readonly rationale: string;
    readonly alternatives: readonly ScenarioCause[];
  };
  readonly fix: {
    readonly action: string;
    readonly node: string;
    readonly memory: number;
    readonly direction: string;
    readonly target: string;
    readonly before: string;
    readonly after: string;
    readonly diff: string;
    readonly settled: string;
  };
  readonly predictionSeconds: number;
}

export interface ScenarioNode {
  readonly name: string;
  readonly role: 'self' | 'upstream' | 'downstream';
  readonly type: string;
  readonly skill: string;
}

export interface ScenarioFinding {
  readonly node: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly summary: string;
}

export interface ScenarioCause {
  readonly node: string;
  readonly kind: string;
  readonly summary: string;
  readonly confidence: number;
}

// The words of the file's unions are plain strings to the compiler.
export const scenario = answers as Scenario;

export const scenarioFile: string = new URL('scenario.json', import.meta.url).pathname;

/** A node as the graph names it. */
export function idOf(service: string, node: string): string {
  return node === '' ? service : `${service}/${node}`;
}

/** Unique in its bundle, and stable. */
export function findingId(service: string, finding: Pick<ScenarioFinding, 'node' | 'kind'>): string {
  return `${idOf(service, finding.node)} ${finding.kind}`;
}

/** What the fix changes: another thing for each service, so that no session waits for another's lock. */
export function targetOf(service: string): string {
  return `${scenario.fix.target}:${service}`;
}
