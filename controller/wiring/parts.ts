import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { alertLabelKeys, byAlertLabel } from '../alerts/matching.ts';
import type { Approval, DebugSession, DeclaredSkill, ServiceTopology, ToolServer } from '../api/kinds.ts';
import type { Config } from '../config/config.ts';
import { declaredSkills, toolServerKeys } from '../extensions/skill-controller.ts';
import { toolServers } from '../extensions/tool-server-controller.ts';
import { Cache } from '../kube/cache.ts';
import { KubeClient } from '../kube/client.ts';
import { systemClock, type Clock } from '../kube/clock.ts';
import { OwnWrites } from '../kube/consistency.ts';
import { EventRecorder } from '../kube/events.ts';
import type { Informer } from '../kube/informer.ts';
import { LeaderElection } from '../kube/leader-election.ts';
import { LeaseLocks } from '../kube/lease-lock.ts';
import type { ServerAccess } from '../kube/plain-access.ts';
import { WorkQueue } from '../kube/queue.ts';
import { redact } from '../redaction/redact.ts';
import { approvals } from '../session/stores/approval-store.ts';
import { debugSessions, sessionIndexers } from '../session/stores/session-store.ts';
import { createLogger, type Logger, type LogLevel } from '../telemetry/logger.ts';
import { MetricsRegistry } from '../telemetry/metrics.ts';
import { referencedKeys, serviceTopologies, skillKeys } from '../topology/topology-controller.ts';

/** The runtime that everything else stands on. */
export interface Parts {
  readonly config: Config;
  readonly kubeConfig: ServerAccess;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly cache: Cache;
  readonly sessions: Informer<DebugSession>;
  readonly approvals: Informer<Approval>;
  readonly topologies: Informer<ServiceTopology>;
  readonly toolServers: Informer<ToolServer>;
  readonly declaredSkills: Informer<DeclaredSkill>;
  readonly queue: WorkQueue;
  readonly ownWrites: OwnWrites;
  readonly events: EventRecorder;
  readonly locks: LeaseLocks;
  readonly election: LeaderElection;
}

export function makeParts(config: Config, kubeConfig: ServerAccess, logLevel: LogLevel): Parts {
  const clock = systemClock;
  const log = createLogger({ level: logLevel, redactText: redact });
  const metrics = new MetricsRegistry();
  const client = new KubeClient(kubeConfig, { clock, metrics });
  metrics.collectProcessMetrics();
  const cache = new Cache({ client, clock, log, metrics });
  const indexers = { references: referencedKeys, skills: skillKeys, [byAlertLabel]: alertLabelKeys };
  const identity = `${hostname()}-${randomUUID().slice(0, 8)}`;
  const { namespace, name, leaseSeconds, renewSeconds, retrySeconds } = config.leaderElection;
  return {
    config,
    kubeConfig,
    client,
    clock,
    log,
    metrics,
    cache,
    sessions: cache.informer(debugSessions, { indexers: sessionIndexers }),
    approvals: cache.informer(approvals),
    topologies: cache.informer(serviceTopologies, { indexers }),
    toolServers: cache.informer(toolServers),
    declaredSkills: cache.informer(declaredSkills, { indexers: { toolServer: toolServerKeys } }),
    queue: new WorkQueue({ name: 'debugsession', clock, metrics }),
    ownWrites: new OwnWrites({ clock }),
    events: new EventRecorder({
      client,
      controller: 'threehops.dev/debugsession',
      instance: identity,
      clock,
      log,
      metrics,
    }),
    locks: new LeaseLocks({ client, namespace, clock, log }),
    election: new LeaderElection({
      client,
      namespace,
      name,
      identity,
      clock,
      log,
      metrics,
      leaseMs: leaseSeconds * 1000,
      renewDeadlineMs: renewSeconds * 1000,
      retryMs: retrySeconds * 1000,
    }),
  };
}
