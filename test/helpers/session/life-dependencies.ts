import { evaluateCel } from '../../../controller/cel/cel.ts';
import { toJson } from '../../../controller/cel/values.ts';
import type { Approval, DebugSession } from '../../../controller/api/kinds.ts';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import { canonicalJson, digestOf } from '../../../controller/evidence/canonical.ts';
import { NotFound } from '../../../controller/kube/errors.ts';
import { ToolRefused } from '../../../controller/mcp/errors.ts';
import { approvalFor, isOwnQuestion } from '../../../controller/session/approval-draft.ts';
import { changedNotes } from '../../../controller/session/alerts/write-notes.ts';
import type {
  ApprovalRequest,
  ApprovalStore,
  Dependencies,
  EvidenceStore,
  LockStore,
  SessionStore,
  Source,
  ToolBroker,
  Where,
} from '../../../controller/session/dependencies.ts';
import { limitsOf } from '../../../controller/session/limits.ts';
import { ProgressHub } from '../../../controller/session/progress.ts';
import { Recollections } from '../../../controller/session/recollections.ts';
import { Runner } from '../../../controller/session/runner.ts';
import { Spending } from '../../../controller/session/spending.ts';
import { finalizer } from '../../../controller/session/stores/session-store.ts';
import { commitMessage } from '../../../skills/github/server/git/commit.ts';
import { hasEnded, type Announcement } from '../../../controller/session/transition.ts';
import { textOf } from '../../../skills/lib/reading.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { Hazard, Life } from './hazard.ts';
import type { MemoryApi } from './memory-api.ts';
import { toolFailed, type Outside } from './outside.ts';
import { bookReasoner, type Book } from './reasoner.ts';
import { shopSkills } from './skills.ts';

/** What outlives the operator. */
export interface Surroundings {
  readonly clock: FakeClock;
  readonly api: MemoryApi;
  readonly outside: Outside;
  readonly hazard: Hazard;
  /** Who holds which lock, and in which life it was taken: another life must take it again to keep it. */
  readonly locks: Map<string, { readonly holder: string; readonly life: Life }>;
  /** What was said, with the iteration that is part of an Event's name: what is equal here is one Event. */
  readonly announced: (Announcement & { readonly iteration: number })[];
}

/** What a test may want otherwise. */
export interface Wishes {
  readonly book: Book;
  readonly timings?: Partial<Dependencies['timings']>;
  readonly replace?: (deps: Dependencies) => Partial<Dependencies>;
}

const timings = {
  probeSeconds: 5,
  lookbackSeconds: 600,
  toolCallSeconds: 5,
  pollMs: 1000,
  ciSeconds: 60,
  rolloutSeconds: 30,
  predictionSeconds: 10,
  approvalSeconds: 600,
  planCheckSeconds: 10,
  lockRetryMs: 1000,
  toolServerCheckSeconds: 60,
  cameBackSeconds: 604_800,
  shutdownSeconds: 1,
};

const bounds = { wallClockSeconds: 7200, toolCalls: 2000, writes: 50, tokens: 100_000, blastRadius: 50 };
const limits = { default: bounds, maximum: { ...bounds, iterations: 20, wallClockSeconds: 86_400, writes: 200 } };

/** As the operator's own does it on a thread, whose time is not the world's. */
const inProcess: Dependencies['expressions'] = {
  evaluate: async (_expressions, scope) => (expression) => toJson(evaluateCel(expression.source, scope)),
};

/** Everything that phases work with, for one life of the operator: its memory is new, the world is the old one. */
export function lifeDependencies(life: Life, world: Surroundings, wishes: Wishes, onEnd: () => void): Dependencies {
  const { clock, announced } = world;
  const deps: Dependencies = {
    clock,
    timings: { ...timings, ...wishes.timings },
    coalesceMs: 5000,
    limits,
    sessions: sessionsOf(life, world),
    recollections: new Recollections(),
    topologies: { get: (namespace, name) => world.api.topologies.get(`${namespace}/${name}`), referrers: () => [] },
    approvals: approvalsOf(life, world),
    evidence: evidenceOf(life, world),
    tools: toolsOf(life, world),
    locks: locksOf(life, world),
    policies: { refusal: () => Promise.resolve(undefined) },
    allowance: { barred: () => undefined, refusal: () => undefined, unavailable: () => undefined },
    source: sourceOf(life, world),
    documents: { configMap: async (namespace, name) => world.api.configMaps.get(`${namespace}/${name}`) },
    codeChecks: { run: () => Promise.resolve({ passed: true, summary: 'npm test: exit code 0' }) },
    skills: shopSkills,
    actions: catalogueOf(shopSkills.values()),
    sessionChecks: [],
    engines: { causal: bookReasoner(wishes.book) },
    expressions: inProcess,
    runner: new Runner({ concurrency: 16, onEnd }),
    spending: new Spending(),
    progress: new ProgressHub(clock),
    announce: ({ status }, said) => void announced.push({ ...said, iteration: status?.iteration ?? 0 }),
    leading: () => life.alive,
  };
  return { ...deps, ...wishes.replace?.(deps) };
}

function sessionsOf(life: Life, { api, hazard }: Surroundings): SessionStore {
  return {
    async live(namespace, name) {
      life.check();
      const found = api.session(`${namespace}/${name}`);
      if (found === undefined) throw new NotFound(`${name} is not there`, { status: 404, reason: 'NotFound' });
      return found;
    },
    writeStatus: async (session) =>
      hazard.write(life, 'api', `status ${describe(session)}`, () => api.putSessionStatus(session)),
    hold: async (session) =>
      session.metadata.finalizers?.includes(finalizer) === true
        ? session
        : hazard.write(life, 'api', 'finalizer', () => api.setFinalizers(session, [finalizer])),
    letGo: async (session) => void hazard.write(life, 'api', 'no finalizer', () => api.setFinalizers(session, [])),
    ended: (namespace) =>
      api.sessions().filter(({ metadata, status }) => metadata.namespace === namespace && hasEnded(status?.phase)),
    on: (topology) =>
      api.sessions().filter(({ metadata, spec }) => topology === `${metadata.namespace}/${spec.topologyRef.name}`),
    latest: (session) => api.session(`${session.metadata.namespace}/${session.metadata.name}`) ?? session,
    async note(session, alerts) {
      const key = `${session.metadata.namespace}/${session.metadata.name}`;
      const { annotations } = changedNotes(session, alerts) ?? {};
      if (annotations === undefined) return api.session(key);
      const merged = { ...api.session(key)?.metadata.annotations, ...annotations };
      hazard.write(life, 'api', 'alert notes', () => api.annotate(key, merged));
      return api.session(key);
    },
    others: ({ metadata }) => api.sessions().filter((other) => other.metadata.uid !== metadata.uid),
  };
}

function describe({ status }: DebugSession): string {
  const open = status?.intents?.filter(({ state }) => state === 'Pending').map(({ kind }) => `, ${kind} is pending`);
  return `${status?.iteration ?? 0} ${status?.phase ?? ''}${open?.join('') ?? ''}`;
}

function approvalsOf(life: Life, { api, hazard }: Surroundings): ApprovalStore {
  const setState: ApprovalStore['setState'] = async (approval, state) =>
    hazard.write(life, 'api', `approval ${state}`, () => api.putApprovalStatus({ ...approval, status: { state } }));
  return {
    setState,
    async live(namespace, name) {
      life.check();
      return api.approval(`${namespace}/${name}`);
    },
    cached: (namespace, name) => api.approval(`${namespace}/${name}`),
    async open(request, signal) {
      const opened = hazard.write(life, 'api', 'approval', () => created(api, request));
      if (opened.status?.state === undefined) await setState(opened, 'Open', signal);
      return opened;
    },
  };
}

/** As the real store has it: the same question again is the same Approval, and another of its name is left alone. */
function created(api: MemoryApi, request: ApprovalRequest): Approval {
  const { name } = request;
  const { spec } = approvalFor(request);
  const there = api.approval(`default/${name}`);
  if (there === undefined) return api.createApproval(name, spec, {});
  return isOwnQuestion(there, request) ? there : api.createApproval(`${name}-x7k2p`, spec, {});
}

function evidenceOf(life: Life, { api, hazard }: Surroundings): EvidenceStore {
  return {
    async save(session, iteration, content, value) {
      const digest = digestOf(value);
      const frozen: unknown = JSON.parse(canonicalJson(value));
      const { uid } = session.metadata;
      hazard.write(life, 'api', `evidence ${iteration} ${content}`, () =>
        api.evidence.set(digest, { uid, content, value: frozen }),
      );
      return digest;
    },
    async load(session, digest) {
      life.check();
      const found = api.evidence.get(digest);
      if (found?.uid !== session.metadata.uid)
        throw new NotFound(`evidence ${digest} is not there`, { status: 404, reason: 'NotFound' });
      return found.value;
    },
    async keep(session, iteration, key, value) {
      const id = `${session.metadata.uid} ${key}`;
      const frozen: unknown = JSON.parse(canonicalJson(value));
      return hazard.write(life, 'api', `evidence ${iteration} kept`, () => {
        const before = api.kept.get(id);
        if (before === undefined) api.kept.set(id, frozen);
        return before;
      });
    },
    async recall(session, key) {
      life.check();
      return api.kept.get(`${session.metadata.uid} ${key}`);
    },
  };
}

function toolsOf(life: Life, world: Surroundings): ToolBroker {
  const calls = new Map<string, number>();
  return {
    toolsFor: (session, { access, skill, unlimited = false, uncounted = false }) => ({
      async call(tool, args, signal) {
        life.check();
        const { uid } = session.metadata;
        const now = (calls.get(uid) ?? 0) + 1;
        const { toolCalls: limit } = limitsOf(session, limits);
        if (!unlimited && (session.status?.usage?.toolCalls ?? 0) + now > limit)
          throw new ToolRefused({ server: 'shop', tool }, `the limit of ${limit} tool calls is used up`);
        if (!uncounted) calls.set(uid, now);
        if (access === 'Read' && skill.tools.write.includes(tool))
          throw new ToolRefused({ server: 'shop', tool }, 'only reads are granted here');
        const fault = world.outside.toolFault(tool, args);
        if (fault === 'never')
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
        if (fault !== undefined) throw fault;
        return answer(life, world, tool, args);
      },
    }),
    furtherReads: () => ({ server: 'shop', tools: [] }),
    async definitionOf(_use, tool) {
      life.check();
      return { description: tool, input: { type: 'object' } };
    },
    unwrittenCalls: (uid) => calls.get(uid) ?? 0,
    callsWritten: (uid, written) => void calls.set(uid, (calls.get(uid) ?? 0) - written),
  };
}

function answer(life: Life, { outside, hazard }: Surroundings, tool: string, args: JsonObject): Json {
  const key = textOf(args['key']) ?? '';
  switch (tool) {
    case 'look':
      return outside.look(textOf(args['node']) ?? '');
    case 'read':
      return outside.read();
    case 'find':
      return { found: outside.keys.has(key), evidence: outside.keys.get(key) ?? {} };
    case 'resize':
      return hazard.write(life, 'outside', 'resize', () => outside.resize(Number(args['memory']), key));
    case 'restart':
      return hazard.write(life, 'outside', 'restart', () => outside.restart());
    default:
      throw toolFailed(tool, 'there is no such tool');
  }
}

function locksOf(life: Life, { locks }: Surroundings): LockStore {
  return {
    async acquire(session, keys) {
      life.check();
      const holder = session.metadata.uid;
      const other = keys.map((key) => locks.get(key)?.holder).find((one) => one !== undefined && one !== holder);
      if (other === undefined) for (const key of keys) locks.set(key, { holder, life });
      return other;
    },
    async release(session, keys) {
      life.check();
      for (const key of keys) if (locks.get(key)?.holder === session.metadata.uid) locks.delete(key);
    },
  };
}

function sourceOf(life: Life, { outside, hazard }: Surroundings): Source {
  const { repository } = outside;
  const looked = <T>(tool: string, look: () => T): T => {
    life.check();
    const fault = outside.toolFault(tool, {});
    if (fault !== undefined) throw fault === 'never' ? toolFailed(tool, 'no answer') : fault;
    return look();
  };
  const opened = ({ pulls }: typeof repository, head: string) => pulls.find((pull) => pull.head === head);
  return {
    head: async (_where: Where, branch) => looked('head', () => repository.branches.get(branch)),
    branches: async () => looked('branches', () => [...repository.branches.keys()]),
    messages: async (_where, branch) => looked('messages', () => repository.log(branch).map(commitMessage)),
    readFile: async (_where, ref, path) => looked('file', () => repository.filesAt(ref)[path]),
    push: async (_where, commit) =>
      hazard.write(life, 'outside', 'push', () => looked('push', () => outside.push(commit))),
    pushed: async (_where, { branch, trailers }) =>
      looked('pushed', () => {
        const change = trailers['Threehops-Change'];
        return repository.ahead(branch).find((commit) => commit.trailers['Threehops-Change'] === change)?.sha;
      }),
    pullRequest: async (_where, branch) => looked('pull', () => opened(repository, branch)),
    ensurePullRequest: async (_where, request) =>
      hazard.write(life, 'outside', 'pull request', () =>
        looked('pull request', () => {
          outside.effects.push({ kind: 'pull request', what: request.title });
          return repository.ensurePullRequest(request);
        }),
      ),
    pipeline: async (_where, _workflow, sha) => looked('pipeline', () => outside.pipelineAt(sha)),
    rerun: () => Promise.reject(new Error('nobody reruns here')),
  };
}
