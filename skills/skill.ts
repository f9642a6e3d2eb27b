import type { Json, JsonObject, JsonSchema } from '../controller/api/json.ts';
import type { DeclaredRemedy } from '../controller/evidence/bundle.ts';
import type { Change, Finding, ProbeResult, Series } from '../controller/evidence/finding.ts';
import type { ProbeWindow } from './lib/time.ts';

/** A tool of a node's MCP server, called by name. Answers are parsed JSON, already checked against the tool's schema. */
export interface Tools {
  /**
   * @throws ToolError (controller/mcp) when the server cannot be reached, answers rubbish, too much or too late,
   * or when the tool is not on the skill's allow-list.
   */
  call(tool: string, args: JsonObject, signal: AbortSignal): Promise<Json>;
}

/** The clock as skills see it. */
export interface SkillClock {
  now(): Date;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A node as its skill sees it: the parameters have been checked against `Skill.parameters`, defaults filled in. */
export interface SkillNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly with: JsonObject;
}

export interface ProbeContext {
  readonly node: SkillNode;
  readonly tools: Tools;
  readonly clock: SkillClock;
  /** Look at what happened in this window alone: after an act, what came before it must not count. */
  readonly window: ProbeWindow;
  readonly signal: AbortSignal;
}

/** Outcome of one check of Verifying. Inconclusive (no samples) is never a pass. */
export interface CheckResult {
  readonly name: string;
  readonly node: string;
  readonly verdict: 'Pass' | 'Fail' | 'Inconclusive' | 'NotRun';
  /** With figures: what was measured against what. */
  readonly summary: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly unit?: string;
  /** What a later run may be held against: at most ten whole numbers, each with its unit in its name. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What was seen, as it was seen: kept as evidence and referred to by its digest. Base64, at most 256 KiB of it. */
  readonly attachment?: { readonly mediaType: string; readonly bytes: number; readonly data: string };
}

export interface CheckContext extends ProbeContext {
  /** The topology's `verify` and `tests` blocks. */
  readonly thresholds: JsonObject;
  /** What a `measuredBefore` check came to before the session's first act; absent while that is being measured. */
  readonly before?: Pick<CheckResult, 'verdict' | 'summary' | 'figures'>;
}

/** A verifier: judges one node in the window since the act. */
export interface Check {
  readonly name: string;
  /** True where it waits by itself until the node has come to rest; then it is not asked whether it has by now. */
  readonly waits?: true;
  /** True where it makes traffic of its own, and so needs the skill's write tools. */
  readonly writes?: true;
  /** True where it is run once more, right before the session's first act, so that it can tell what the act has changed. */
  readonly measuredBefore?: true;
  run(context: CheckContext): Promise<CheckResult>;
}

/** An edit of one file of the source repository; `content: null` deletes it. */
export interface FileEdit {
  readonly path: string;
  readonly content: string | null;
}

/** What Planning shows a person and freezes into the digest. */
export interface RenderedAction {
  /** A readable diff of live against planned, read from the system just now. */
  readonly diff: string;
  /** The identity of what is changed, and its version when the plan was made: checked again before the act. */
  readonly target: { readonly identity: string; readonly version: string };
  /** All that `execute` needs; canonical JSON, part of the digest. */
  readonly frozen: JsonObject;
  /** What would be set to what it never was here, in sentences: a person looks first. */
  readonly unfamiliar?: readonly string[];
  /** The same change for the files of the source repository: by `source.manifests` for Infra, the fix itself for Code. */
  readonly edits: readonly FileEdit[];
}

export interface ActionContext {
  readonly node: SkillNode;
  /** Read tools while planning; read and write tools while acting. */
  readonly tools: Tools;
  readonly clock: SkillClock;
  readonly signal: AbortSignal;
  /** Reads a file of the source repository at the session's branch (or its base); undefined when it is not there. */
  readFile(path: string): Promise<string | undefined>;
  /** The files of `source.manifests` that name this node. */
  readonly manifestPaths: readonly string[];
}

/** What a probe of the outside says of an intent that may or may not have been carried out. */
export interface Occurrence {
  readonly verdict: 'Happened' | 'Absent' | 'Unknown';
  /** What was done, as `execute` would have answered; only for Happened. */
  readonly evidence: JsonObject;
}

/**
 * One typed act on the outside. Reasoners choose it and its parameters; they never write what is run.
 * `execute` is called at most once for an actionId; after a crash `probe` decides.
 */
export interface ActionType {
  /** `<skill>.<verb-object>`, e.g. `aws-ecs.update-task-definition`. */
  readonly id: string;
  readonly title: string;
  readonly class: 'Infra' | 'Code';
  readonly risk: 'Low' | 'Medium' | 'High';
  /** What a person must always open before it is carried out, whatever the map asks for. */
  readonly gate?: 'SchemaChange';
  readonly parameters: JsonSchema;
  /** Natural: doing it twice is doing it once. Keyed: actionId makes it recognisable. Fenced: by ids seen before. */
  readonly idempotency: 'Natural' | 'Keyed' | 'Fenced' | 'None';
  /** The idea behind the parameters, e.g. `memory:increase`: with action and target it is the fix's signature. */
  direction(parameters: JsonObject): string;
  /** Reads the live system and renders the plan. No outside write. */
  render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction>;
  /** The outside write. Absent for Code: its edits are pushed, built and deployed by the session. */
  execute?(context: ActionContext, frozen: JsonObject, actionId: string): Promise<JsonObject>;
  probe?(context: ActionContext, frozen: JsonObject, actionId: string): Promise<Occurrence>;
  /** True when the target is still what it was when the plan was frozen. */
  unchanged?(context: ActionContext, rendered: RenderedAction): Promise<boolean>;
  /** Is the outcome of the act in place and at rest (rollout complete)? Polled by the runner; never blocks long. */
  settled?(context: ActionContext, frozen: JsonObject, evidence: JsonObject): Promise<Settlement>;
  /** Frozen input of the act that takes this one back; absent where it cannot be taken back. */
  rollback?(frozen: JsonObject, evidence: JsonObject): JsonObject;
}

export interface Settlement {
  readonly state: 'Settled' | 'Progressing' | 'Failed';
  readonly summary: string;
}

/** What a remedy sees of the node that is blamed: its own findings and changes, and nothing of other systems. */
export interface RemedyContext {
  readonly node: SkillNode;
  readonly findings: readonly Finding[];
  /** All that hurts at what a service uses: another cause of the same harm may show there. */
  readonly used?: readonly Finding[];
  readonly changes: readonly Change[];
  readonly series: readonly Series[];
}

/** A prediction that the controller can check by looking again: the finding is gone from the node. */
export interface Prediction {
  readonly node: string;
  /** `<skill>.<Reason>` that is on the node now and will be absent. */
  readonly findingGone: string;
  readonly withinSeconds: number;
}

export interface ProposedFix {
  readonly action: string;
  readonly parameters: JsonObject;
  /** Why this would help, for a person. */
  readonly rationale: string;
  /** How likely it heals when the cause is what the remedy is for, in [0, 1]; ranks remedies of one cause. */
  readonly fitness: number;
}

/**
 * Knowledge of a skill: which of its findings have which known cause, and what heals it.
 * The reasoner knows no system; it asks the remedies of the node that it blames.
 */
export interface Remedy {
  readonly id: string;
  /** The findings (kinds) that this remedy explains; one of them present makes it a candidate. */
  readonly forKinds: readonly string[];
  /** The cause it would heal, `<skill>.<Cause>`: the `kind` of the diagnosis' root cause. */
  readonly cause: string;
  /**
   * True where it takes back what somebody changed, whatever came of that: it is asked as well where the unit shows nothing, others came to
   * harm right after the change, and nothing else is known of it. Their findings are then among those of the context.
   */
  readonly takesBack?: true;
  propose(context: RemedyContext): readonly ProposedFix[];
}

/** What runs of a deployed service, and whether its rollout is at rest. */
export interface Rollout extends Settlement {
  /** What identifies the running builds: image tags, commit SHAs. One when at rest. */
  readonly versions: readonly string[];
}

/** Something in a node's `with` that the schema lets through and that cannot be meant. */
export interface Doubt {
  /** The parameter. */
  readonly field: string;
  /** In words that follow its name. */
  readonly message: string;
}

/** A skill: how to look at one kind of node, judge it, and act on it. One folder a skill. */
export interface Skill {
  readonly id: string;
  readonly title: string;
  /** JSON Schema of a node's `with` (object; `additionalProperties: false`). */
  readonly parameters: JsonSchema;
  /** The MCP server that serves it, embedded or by ToolServer: `aws-ecs`, `github`, ... */
  readonly server: string;
  /** The ToolServer of the map's namespace that serves it, for a skill that a team declared. */
  readonly toolServer?: string;
  readonly tools: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** The same string for two nodes that are the same thing; undefined where `with` cannot tell. */
  identity(parameters: JsonObject): string | undefined;
  /**
   * Arguments of its tools that say where a node's system is. They are the map's word, and a model that looks with these tools is given no
   * say in them; undefined for what the map leaves to the credentials. Absent where no argument says where.
   */
  place?(parameters: JsonObject): Readonly<Record<string, Json | undefined>>;
  /** Parameters (defaults filled in) that contradict each other or say nothing, for whoever writes a map. */
  doubts?(parameters: JsonObject): readonly Doubt[];
  /** Absent for skills that only act (commit-push). */
  probe?(context: ProbeContext): Promise<ProbeResult>;
  /** For skills that look at compute: what is deployed, so that the running commit can be verified. */
  rollout?(context: ProbeContext): Promise<Rollout>;
  readonly checks: readonly Check[];
  readonly actions: readonly ActionType[];
  readonly remedies: readonly Remedy[];
  /** Those of a skill that a team declared; they go into the evidence with the node. */
  readonly declaredRemedies?: readonly DeclaredRemedy[];
}
