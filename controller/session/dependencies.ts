import type { Timings } from '../config/timings.ts';
import type { Approval, DebugSession, Evidence, ServiceTopology } from '../api/kinds.ts';
import type { JsonSchema } from '../api/json.ts';
import type { Evaluator } from '../cel/evaluator.ts';
import type { Clock } from '../kube/clock.ts';
import type { Commit } from '../actions/plan.ts';
import type { ResolvedGraph, SkillSource, TopologySource } from '../topology/resolved.ts';
import type { ActionType, Check, FileEdit, Skill, Tools } from '../../skills/skill.ts';
import type { NotedAlert } from './alerts/write-notes.ts';
import type { Engines } from './diagnosing/engines.ts';
import type { ConfiguredLimits } from './limits.ts';
import type { ProgressHub } from './progress.ts';
import type { Recollections } from './recollections.ts';
import type { Runner } from './runner.ts';
import type { Spending } from './spending.ts';
import type { Announcement } from './transition.ts';

/** Reading and writing sessions. Errors are those of controller/kube. */
export interface SessionStore {
  /** From the API server, never from the cache. */
  live(namespace: string, name: string, signal: AbortSignal): Promise<DebugSession>;
  /** PUT of the status with the object's resourceVersion. */
  writeStatus(session: DebugSession, signal: AbortSignal): Promise<DebugSession>;
  /** Puts our finalizer on it, so that it is not gone while an outside write may be under way. */
  hold(session: DebugSession, signal: AbortSignal): Promise<DebugSession>;
  /** Takes it off again. */
  letGo(session: DebugSession, signal: AbortSignal): Promise<void>;
  /** The other sessions of the same map, from the cache. */
  others(session: DebugSession): readonly DebugSession[];
  /** All sessions of a map, `<namespace>/<name>`, from the cache. */
  on(topology: string): readonly DebugSession[];
  /** The session as the cache has it now; the given one where it is gone. */
  latest(session: DebugSession): DebugSession;
  /** Tells the session of alerts, in its annotations. */
  note(session: DebugSession, alerts: readonly NotedAlert[], signal: AbortSignal): Promise<DebugSession | undefined>;
  /** All sessions of a namespace that have ended, from the cache. */
  ended(namespace: string): readonly DebugSession[];
}

export interface ApprovalStore {
  /** Creates it; answers the existing one when it is the same question and undecided. Where another has the name it gets another name. */
  open(approval: ApprovalRequest, signal: AbortSignal): Promise<Approval>;
  live(namespace: string, name: string, signal: AbortSignal): Promise<Approval | undefined>;
  cached(namespace: string, name: string): Approval | undefined;
  setState(
    approval: Approval,
    state: 'Open' | 'Consumed' | 'Withdrawn' | 'Expired',
    signal: AbortSignal,
  ): Promise<void>;
}

export interface ApprovalRequest {
  readonly session: DebugSession;
  readonly name: string;
  readonly gate: Approval['spec']['gate'];
  readonly actionDigest: string;
  readonly summary: string;
  readonly risk: Approval['spec']['risk'];
  readonly expiresAt: string;
}

/** Content-addressed storage of what a session froze. */
export interface EvidenceStore {
  /** Stores the value's canonical JSON in chunks; answers its digest. Storing the same again is no write. */
  save(
    session: DebugSession,
    iteration: number,
    content: Evidence['spec']['content'],
    value: unknown,
    signal: AbortSignal,
  ): Promise<string>;
  /** @throws when a chunk is missing or the digest does not fit. */
  load(session: DebugSession, digest: string, signal: AbortSignal): Promise<unknown>;
  /**
   * Keeps a value under a key of the session's own, for good. Answers the one that was there before, which stays; undefined where this one
   * is kept. Small enough for one object.
   */
  keep(session: DebugSession, iteration: number, key: string, value: unknown, signal: AbortSignal): Promise<unknown>;
  /** What was kept under the key; undefined where nothing was. */
  recall(session: DebugSession, key: string, signal: AbortSignal): Promise<unknown>;
}

/** Tools for a node of a session, with the map's credentials, counted against the session's limits. */
export interface ToolBroker {
  toolsFor(session: DebugSession, use: ToolUse): Tools;
  /** What the map's ToolServer in the skill's place lists to be read besides what the skill asks for; nothing where an embedded server serves it. */
  furtherReads(use: ToolUse): FurtherReads;
  /** How a tool is called. @throws ToolError when its server cannot be reached or has no such tool. */
  definitionOf(use: ToolUse, tool: string, signal: AbortSignal): Promise<ToolDescription>;
  /** Calls that are in no status yet, by session UID. */
  unwrittenCalls(uid: string): number;
  /** So many of them are in the status now. */
  callsWritten(uid: string, calls: number): void;
}

export interface FurtherReads {
  /** Whose tools they are; the same for all skills that it serves. */
  readonly server: string;
  readonly tools: readonly string[];
}

export interface ToolDescription {
  readonly description: string;
  /** Schema of its arguments. */
  readonly input: JsonSchema;
}

export interface ToolUse {
  readonly skill: Pick<Skill, 'id' | 'server' | 'toolServer' | 'tools'>;
  readonly access: 'Read' | 'Write';
  /** The map whose credentials are used, `<namespace>/<name>`. */
  readonly topology: string;
  /** Answers may be shared with other sessions for a few seconds; never while verifying. */
  readonly shareable: boolean;
  /** For what must not stop half-way: writing, telling whether it was written, taking back, reporting. Counted, and never refused. */
  readonly unlimited?: true;
  /** For looking again and again while a person is waited for, which may take days: neither counted nor refused. */
  readonly uncounted?: true;
}

/** Leases held while acting and verifying. */
export interface LockStore {
  /** All or none; answers the holder that is in the way, or undefined when all are held. */
  acquire(session: DebugSession, keys: readonly string[], signal: AbortSignal): Promise<string | undefined>;
  release(session: DebugSession, keys: readonly string[], signal: AbortSignal): Promise<void>;
}

/** The fail-closed check that the admission policies bite. */
export interface PolicyGuard {
  /** Why no act may be made now; undefined when approvals are enforced. */
  refusal(signal: AbortSignal): Promise<string | undefined>;
}

/** What is allowed by the operator's own configuration, whatever a map says. */
export interface Allowance {
  /** Why nothing may be done on this graph's nodes of that map; undefined when it may. */
  refusal(resolved: ResolvedGraph, topology: string, action: ActionType): string | undefined;
  /**
   * Why nothing outside may be written under this map, whoever asks: the platform does not let its namespace act, or it is of production. Asked
   * again before every write.
   * @param repository `owner/name` where the write is made in one
   */
  barred(topology: ServiceTopology, repository?: string): string | undefined;
  /** Why a skill's actions cannot be done on that map's nodes: its server there lacks the write tools. Undefined when they can. */
  unavailable(topology: ServiceTopology, skill: Skill): string | undefined;
}

/** The repository's own checks and the tree they run on. */
export interface CodeChecks {
  /** Runs the commands on the repository's tree at `ref` with the edits, in the sandbox. */
  run(request: CheckRequest, signal: AbortSignal): Promise<{ readonly passed: boolean; readonly summary: string }>;
}

export interface CheckRequest {
  readonly where: Where;
  /** The commit whose tree the edits are laid over. */
  readonly ref: string;
  readonly edits: readonly FileEdit[];
  readonly checks: readonly (readonly string[])[];
}

/** A repository as one map's session may use it. */
export interface Where {
  readonly session: DebugSession;
  readonly topology: ServiceTopology;
  readonly repository: string;
  /** As `ToolUse` has it. */
  readonly uncounted?: true;
}

export interface OpenedPullRequest {
  readonly url: string;
  readonly number: number;
  readonly title: string;
  readonly draft: boolean;
}

/** How the pipeline stands at one commit. */
export interface Pipeline {
  readonly runId: number;
  readonly attempt: number;
  readonly status: 'Queued' | 'Running' | 'Completed';
  /** GitHub's word: success, failure, cancelled, ...; empty until completed. */
  readonly conclusion: string;
  readonly url: string;
  /** The failing step and its log reduced to the error; empty otherwise. */
  readonly failure: string;
}

/** The forge, through the skills' tools. */
export interface Source {
  head(where: Where, branch: string, signal: AbortSignal): Promise<string | undefined>;
  /** Names of all branches. */
  branches(where: Where, signal: AbortSignal): Promise<readonly string[]>;
  /** Messages of a branch's newest 100 commits, newest first. */
  messages(where: Where, branch: string, signal: AbortSignal): Promise<readonly string[]>;
  readFile(where: Where, ref: string, path: string, signal: AbortSignal): Promise<string | undefined>;
  push(where: Where, commit: Commit, signal: AbortSignal): Promise<{ readonly sha: string }>;
  /** The SHA of this very commit when the branch has it; undefined when it has not. */
  pushed(where: Where, commit: Commit, signal: AbortSignal): Promise<string | undefined>;
  pullRequest(where: Where, branch: string, signal: AbortSignal): Promise<OpenedPullRequest | undefined>;
  /** Opens it, or brings the branch's open one up to date (GitHub's REST API cannot make a draft ready: it stays one). */
  ensurePullRequest(
    where: Where,
    request: PullRequestText & { readonly head: string; readonly base: string },
    signal: AbortSignal,
  ): Promise<OpenedPullRequest>;
  /** The run of the map's workflow at a commit; undefined while there is none. */
  pipeline(where: Where, workflow: string, sha: string, signal: AbortSignal): Promise<Pipeline | undefined>;
  rerun(where: Where, run: Pipeline, signal: AbortSignal): Promise<void>;
}

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** Texts that maps name and that are kept in the cluster. */
export interface Documents {
  /** A ConfigMap's keys; undefined when there is none. @throws the client's errors. */
  configMap(
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>> | undefined>;
}

/** All that phases work with. */
export interface Dependencies {
  readonly clock: Clock;
  readonly timings: Timings;
  /** How old an answer may be that another session is given. */
  readonly coalesceMs: number;
  readonly limits: ConfiguredLimits;
  readonly sessions: SessionStore;
  readonly recollections: Recollections;
  readonly topologies: TopologySource;
  readonly approvals: ApprovalStore;
  readonly evidence: EvidenceStore;
  readonly tools: ToolBroker;
  readonly locks: LockStore;
  readonly policies: PolicyGuard;
  readonly allowance: Allowance;
  readonly source: Source;
  readonly documents: Documents;
  readonly codeChecks: CodeChecks;
  readonly skills: SkillSource;
  readonly actions: ReadonlyMap<string, { readonly action: ActionType; readonly skill: Skill }>;
  /** Checks that belong to no node's skill: the load test of the topology's `tests` block. */
  readonly sessionChecks: readonly SessionCheck[];
  readonly engines: Engines;
  /** For what maps say in CEL. */
  readonly expressions: Pick<Evaluator, 'evaluate'>;
  readonly runner: Runner;
  readonly spending: Spending;
  readonly progress: ProgressHub;
  readonly announce: (session: DebugSession, announcement: Announcement) => void;
  /** Are we still the leader? Asked before every outside write. */
  readonly leading: () => boolean;
}

/** A check of the whole service, such as a load test. */
export interface SessionCheck {
  readonly check: Check;
  readonly skill: Skill;
}
