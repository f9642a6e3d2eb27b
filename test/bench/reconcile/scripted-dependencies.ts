import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import { Evaluator } from '../../../controller/cel/evaluator.ts';
import type { CodeChecks, Dependencies, Source, ToolBroker } from '../../../controller/session/dependencies.ts';
import { Spending } from '../../../controller/session/spending.ts';
import { ProgressHub } from '../../../controller/session/progress.ts';
import { Recollections } from '../../../controller/session/recollections.ts';
import { Runner, type Progress } from '../../../controller/session/runner.ts';
import { approvalStore } from '../../../controller/session/stores/approval-store.ts';
import { sessionStore } from '../../../controller/session/stores/session-store.ts';
import { cachedTopologies } from '../../../controller/topology/topology-controller.ts';
import { enqueueSession, runnerConcurrency } from '../../../controller/wiring/work.ts';
import type { Parts } from '../../../controller/wiring/parts.ts';
import { MemoryEvidence } from './memory-evidence.ts';
import { scriptedReasoner } from './scripted-reasoner.ts';
import { scriptedSkills } from './scripted-skills.ts';

/**
 * The product's stores, runner and progress on the real API server; skills, reasoner, evidence, leases and policies that answer at once
 * and write nothing there. So a session costs its status writes (and one live read before the act) and no other request.
 */
export function scriptedDependencies(parts: Parts, onRest: () => void): Dependencies {
  const { client, clock, config } = parts;
  const skills = scriptedSkills();
  return {
    clock,
    timings: config.timings,
    coalesceMs: config.coalesceMs,
    limits: config.limits,
    sessions: sessionStore(client, parts.sessions, parts.ownWrites),
    recollections: new Recollections(),
    topologies: cachedTopologies(parts.topologies),
    approvals: approvalStore(client, parts.approvals, clock),
    evidence: new MemoryEvidence(),
    tools: noTools,
    locks: { acquire: () => Promise.resolve(undefined), release: () => Promise.resolve() },
    policies: { refusal: () => Promise.resolve(undefined) },
    allowance: { barred: () => undefined, refusal: () => undefined, unavailable: () => undefined },
    source: noSource,
    documents: { configMap: () => Promise.resolve(undefined) },
    codeChecks: noCodeChecks,
    skills,
    actions: catalogueOf(skills.values()),
    sessionChecks: [],
    engines: { causal: scriptedReasoner },
    expressions: new Evaluator(),
    runner: new RestingRunner(parts),
    spending: new Spending(),
    progress: new ProgressHub(parts.clock),
    announce: (_session, { reason }) => {
      if (reason === 'Verifying') onRest();
    },
    leading: () => true,
  };
}

/** Never begins a verification: there sessions come to rest, because what follows is waiting by its nature. */
class RestingRunner extends Runner {
  constructor(parts: Parts) {
    super({ concurrency: runnerConcurrency, onEnd: (uid) => enqueueSession(parts, uid) });
  }

  override ask<T>(uid: string, step: string, job: (signal: AbortSignal) => Promise<T>, kind?: 'Write'): Progress<T> {
    return step.endsWith('/verify') ? { state: 'Running' } : super.ask(uid, step, job, kind);
  }
}

class NotScripted extends Error {
  constructor(what: string) {
    super(`the scripted session asks for no ${what}`);
    this.name = 'NotScripted';
  }
}

const refuse = (what: string) => (): Promise<never> => Promise.reject(new NotScripted(what));

const noTools: ToolBroker = {
  furtherReads: () => ({ server: 'none', tools: [] }),
  toolsFor: () => ({ call: refuse('tool') }),
  definitionOf: refuse('tool'),
  unwrittenCalls: () => 0,
  callsWritten: () => undefined,
};

const noSource: Source = {
  head: refuse('branch'),
  branches: refuse('branch'),
  messages: refuse('commit'),
  readFile: refuse('file'),
  push: refuse('push'),
  pushed: refuse('push'),
  pullRequest: refuse('pull request'),
  ensurePullRequest: refuse('pull request'),
  pipeline: refuse('pipeline'),
  rerun: refuse('rerun'),
};

const noCodeChecks: CodeChecks = { run: refuse('check') };
