import type { Approval, DebugSession, ServiceTopology } from '../api/kinds.ts';
import { Controller, type Reconcile } from '../kube/controller.ts';
import { isConditionTrue } from '../kube/conditions.ts';
import type { OwnWrites } from '../kube/consistency.ts';
import type { Informer } from '../kube/informer.ts';
import { requestFor } from '../kube/object.ts';
import type { Log, Metrics } from '../kube/observe.ts';
import type { WorkQueue } from '../kube/queue.ts';
import { isStatusAlone } from '../topology/topology-controller.ts';
import type { Dependencies } from './dependencies.ts';
import { reconcileSession } from './reconcile.ts';
import { hasEnded } from './transition.ts';

const forgetMs = 10_000;

export interface SessionControllerOptions {
  readonly deps: Dependencies;
  readonly queue: WorkQueue;
  readonly ownWrites: OwnWrites;
  readonly sessions: Informer<DebugSession>;
  readonly approvals: Informer<Approval>;
  readonly topologies: Informer<ServiceTopology>;
  readonly workers: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The controller of DebugSessions: a change of a session, its approval or its map brings it back, and so does the end of its work. */
export function sessionController(options: SessionControllerOptions): Controller {
  const { deps, queue, ownWrites, sessions, workers, log, metrics } = options;
  watch(options);
  const reconcile: Reconcile = async (request, signal) => {
    const session = sessions.store.get(request);
    if (session === undefined) return {};
    const { again, session: after } = await reconcileSession(session, deps, signal);
    if (again === 'OnChange') return {};
    // A write comes back through the watch; without one nothing would.
    if (again === 'Now') return after === session ? { requeueAfterMs: 50 } : {};
    return { requeueAfterMs: again.afterMs };
  };
  return new Controller({
    name: 'debugsession',
    reconcile: ownWrites.guard(reconcile),
    clock: deps.clock,
    workers,
    queue,
    log,
    metrics,
  });
}

function watch({ deps, queue, sessions, approvals, topologies }: SessionControllerOptions): void {
  sessions.onChange((change) => {
    if (change.type === 'deleted') forget(deps, change.object);
    else queue.add(requestFor(change.object));
  });
  approvals.onChange((change) => {
    const { namespace } = change.object.metadata;
    queue.add({ namespace, name: change.object.spec.sessionRef.name });
  });
  // Sessions that wait for a map or for one that it refers to; those at work read the map at their next step anyway.
  const wake = onceForAll(() => {
    for (const session of sessions.store.list()) {
      const { phase = 'Pending', conditions } = session.status ?? {};
      const waits = phase === 'Pending' || isConditionTrue(conditions, 'Stalled');
      if (waits && !hasEnded(phase)) queue.add(requestFor(session));
    }
  });
  topologies.onChange((change) => {
    if (!isStatusAlone(change)) wake();
  });
}

/** Does it once for all the calls that come at the same time, such as those for hundreds of maps of a list. */
function onceForAll(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      work();
    });
  };
}

function forget(deps: Dependencies, session: DebugSession): void {
  deps.runner.clear(session.metadata.uid);
  // Nobody comes back for its leases; those that cannot be released now run out once nobody renews them.
  deps.locks.release(session, session.status?.locks ?? [], AbortSignal.timeout(forgetMs)).catch(() => undefined);
  deps.progress.forget(session.metadata.uid);
}
