import { PolicyGuard } from '../approval/policy-guard.ts';
import { Evaluator } from '../cel/evaluator.ts';
import { DeclaredSkills } from '../extensions/declared-skills.ts';
import { Coalescer } from '../mcp/coalesce.ts';
import { SecretCredentials } from '../mcp/secrets.ts';
import { noCredentials } from '../mcp/credentials.ts';
import type { Dialer } from '../mcp/dialer.ts';
import { createDialers } from '../mcp/dialers.ts';
import { ToolPool } from '../mcp/pool.ts';
import { knownSecrets } from '../redaction/known-secrets.ts';
import type { Dependencies } from '../session/dependencies.ts';
import type { Engines } from '../session/diagnosing/engines.ts';
import { ProgressHub } from '../session/progress.ts';
import { Recollections } from '../session/recollections.ts';
import { Runner } from '../session/runner.ts';
import { Spending } from '../session/spending.ts';
import { approvalStore } from '../session/stores/approval-store.ts';
import { KubeEvidenceStore } from '../session/stores/evidence-store.ts';
import { forgeSource } from '../session/stores/forge-source.ts';
import { lockStore } from '../session/stores/lock-store.ts';
import { sessionStore } from '../session/stores/session-store.ts';
import { PooledToolBroker } from '../session/tool-broker.ts';
import type { TopologySource } from '../topology/resolved.ts';
import { cachedTopologies } from '../topology/topology-controller.ts';
import { servers, sessionChecks } from '../../skills/catalogue.ts';
import { skill as commitPush } from '../../skills/commit-push/skill.ts';
import { skill as github } from '../../skills/github/skill.ts';
import { skill as githubActions } from '../../skills/github-actions/skill.ts';
import { allowanceOf } from './allowance.ts';
import { ownApiServer } from './api-server.ts';
import { checkRunnerOf } from './check-runner.ts';
import { claudeFor } from './claude.ts';
import { codeChecks } from './code-checks.ts';
import { configMapReader } from './config-map-reader.ts';
import type { Parts } from './parts.ts';
import { reasoningFor } from '../session/reasoning.ts';
import { remembering } from './remember-secrets.ts';
import { secretReader } from './secret-reader.ts';
import { startProcess } from './start-process.ts';
import { enqueueSession, runnerConcurrency } from './work.ts';
import { serverSettings } from '../config/server-settings.ts';

export interface Wired {
  readonly deps: Dependencies;
  /** The operator's own skills and those of the cluster's Skill resources. */
  readonly skills: DeclaredSkills;
  /** What ToolServers are looked at through. */
  readonly servers: Pick<Outbound, 'pool' | 'secrets'>;
  close(): Promise<void>;
}

interface Outbound {
  readonly tools: PooledToolBroker;
  readonly pool: ToolPool;
  readonly secrets: SecretCredentials;
  readonly claude: Engines['claude'];
  /** For what shows nobody any credentials. */
  readonly plain: Dialer;
  readonly close: () => Promise<void>;
}

/** All ways to the systems outside: dialers, MCP servers, credentials. */
function outbound(parts: Parts, topologies: TopologySource): Outbound {
  const { config, client, clock, metrics } = parts;
  const dialers = createDialers({ allow: config.allow, apiServer: ownApiServer(parts), clock });
  const calls = metrics.counter('threehops_tool_calls_total', 'Calls of tools, as they went over MCP.', [
    'server',
    'tool',
  ]);
  const pool = new ToolPool({
    servers,
    settings: serverSettings(config),
    dialerFor: (credentials, access) => dialers.dialerFor(credentials, access),
    startProcess: startProcess(parts),
    clock,
    timeoutMs: config.timings.toolCallSeconds * 1000,
    onCall: (event) => calls.inc({ ...event }),
  });
  const coalescer = new Coalescer({ clock, maxAgeMs: config.coalesceMs });
  const secrets = new SecretCredentials(remembering(secretReader(client), knownSecrets), coalescer);
  const tools = new PooledToolBroker({
    pool,
    secrets,
    coalescer,
    topologies,
    toolServers: parts.toolServers.store,
    limits: config.limits,
  });
  return {
    tools,
    pool,
    secrets,
    claude: claudeFor(parts, secrets, dialers),
    plain: dialers.dialerFor(noCredentials, 'Read'),
    async close() {
      await pool.close();
      await dialers.close();
    },
  };
}

/** Everything that phases work with, on the real cluster and the real systems. */
export function wire(parts: Parts): Wired {
  const { config, client, clock, events } = parts;
  const topologies = cachedTopologies(parts.topologies);
  const { tools, pool, secrets, claude, plain, close } = outbound(parts, topologies);
  const { skills: own, actions, reasoner } = reasoningFor(config.timings);
  const skills = new DeclaredSkills({ own, actions, resources: parts.declaredSkills.store });
  const checks = checkRunnerOf(parts, plain);
  const deps: Dependencies = {
    clock,
    timings: config.timings,
    coalesceMs: config.coalesceMs,
    limits: config.limits,
    sessions: sessionStore(client, parts.sessions, parts.ownWrites),
    recollections: new Recollections(),
    topologies,
    approvals: approvalStore(client, parts.approvals, clock),
    evidence: new KubeEvidenceStore(client),
    tools,
    locks: lockStore(parts.locks),
    policies: new PolicyGuard({ client, clock, namespace: config.leaderElection.namespace }),
    allowance: allowanceOf(config.allow, parts.toolServers.store),
    source: forgeSource(tools, { github, actions: githubActions, commits: commitPush }),
    documents: configMapReader(client),
    codeChecks: codeChecks(checks, tools),
    engines: { causal: reasoner, ...(claude === undefined ? {} : { claude }) },
    actions,
    skills,
    sessionChecks,
    expressions: new Evaluator(),
    runner: new Runner({ concurrency: runnerConcurrency, onEnd: (uid) => enqueueSession(parts, uid) }),
    spending: new Spending(),
    progress: new ProgressHub(clock),
    announce: (session, { type, reason, message }) => {
      const occurrence = String(session.status?.iteration ?? 0);
      events.record(session, { type, reason, action: 'Debug', note: message, occurrence });
    },
    leading: () => !config.leaderElection.enabled || parts.election.isLeading,
  };
  return {
    deps,
    skills,
    servers: { pool, secrets },
    async close() {
      deps.runner.stop();
      await checks.close();
      await close();
    },
  };
}
