import type { DebugSession } from '../api/kinds.ts';
import { hasFinalizer, isBeingDeleted } from '../kube/finalizers.ts';
import { applyTransition, type Applied } from './apply-transition.ts';
import { deleting } from './deletion.ts';
import type { Dependencies } from './dependencies.ts';
import { cancelling } from './phases/cancelling.ts';
import { handlers } from './phases/handlers.ts';
import { finalizer } from './stores/session-store.ts';
import type { Snapshot } from './snapshot.ts';
import { advance, hasEnded, stall, wait, type Transition } from './transition.ts';

/** Takes a session one step further: look, decide, write. Called again until it has ended. */
export async function reconcileSession(
  session: DebugSession,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Applied> {
  if (isBeingDeleted(session)) return deleted(session, deps, signal);
  return applyTransition(session, await decide(session, deps, signal), deps, signal);
}

async function deleted(session: DebugSession, deps: Dependencies, signal: AbortSignal): Promise<Applied> {
  const { namespace, uid } = session.metadata;
  const topology = deps.topologies.get(namespace, session.spec.topologyRef.name);
  const snapshot = topology === undefined ? undefined : { session, status: session.status ?? {}, uid, topology };
  const held = snapshot === undefined ? undefined : await deleting(snapshot, deps, signal);
  if (held !== undefined) return applyTransition(session, held, deps, signal);
  deps.runner.clear(uid);
  if (hasFinalizer(session, finalizer)) await deps.sessions.letGo(session, signal);
  return { session, again: 'OnChange' };
}

async function decide(session: DebugSession, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const status = session.status ?? {};
  const phase = status.phase ?? 'Pending';
  if (hasEnded(phase)) return wait('Ended', 'The session has ended');
  const { namespace, uid } = session.metadata;
  const topology = deps.topologies.get(namespace, session.spec.topologyRef.name);
  if (topology === undefined) return withoutMap(session);
  const snapshot: Snapshot = { session, status, uid, topology };
  if (session.spec.cancel === true) return cancelling(snapshot, deps, signal);
  if (session.spec.suspend) return wait('Suspended', 'The session is suspended');
  return overdue(snapshot, deps) ?? handlers[phase](snapshot, deps, signal);
}

function withoutMap(session: DebugSession): Transition {
  if (session.spec.cancel === true) return advance('Cancelled');
  const { namespace } = session.metadata;
  const message = `spec.topologyRef: there is no ServiceTopology ${namespace}/${session.spec.topologyRef.name}`;
  return stall('TopologyNotFound', message);
}

/** The wall-clock limit; while a person is asked, the Approval's own expiry counts. */
function overdue({ session, status }: Snapshot, deps: Dependencies): Transition | undefined {
  const limit = session.spec.limits?.wallClockSeconds;
  if (limit === undefined || status.startedAt === undefined) return undefined;
  if (status.phase === 'Escalated' || status.phase === 'AwaitingApproval') return undefined;
  const used = (deps.clock.now().getTime() - Date.parse(status.startedAt)) / 1000;
  if (used <= limit) return undefined;
  const message = `The limit of ${limit} s is used up`;
  return advance('Escalated', {}, { type: 'Warning', reason: 'WallClockLimit', message });
}
