import type { DebugSession, Phase } from '../api/kinds.ts';
import { ApiError, isPermanent, NotFound } from '../kube/errors.ts';
import { hasFinalizer, isBeingDeleted } from '../kube/finalizers.ts';
import { takeBackAll } from './acting/take-back-all.ts';
import { applyTransition, type Applied } from './apply-transition.ts';
import { deleting, withoutMap } from './deletion.ts';
import type { Dependencies } from './dependencies.ts';
import { overLimits } from './over-limits.ts';
import { cancelling } from './phases/cancelling.ts';
import { handlers } from './phases/handlers.ts';
import { releaseLocks } from './release-locks.ts';
import { asRestored, isRestored } from './restored.ts';
import { finalizer } from './stores/session-store.ts';
import type { Snapshot } from './snapshot.ts';
import { advance, hasEnded, pause, record, stall, type EndPhase, type Transition } from './transition.ts';

/** Takes a session one step further: look, decide, write. Called again until it has ended. */
export async function reconcileSession(
  session: DebugSession,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Applied> {
  if (isBeingDeleted(session)) return deleted(session, deps, signal);
  const transition = isRestored(session) ? asRestored(session) : await decide(session, deps, signal);
  if (transition === undefined && hasSeen(session)) return atRest(session);
  try {
    return await applyTransition(session, transition ?? record({}), deps, signal);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    // A status that the API server will never take is a defect of ours: said in a few words, not tried for ever in silence.
    return applyTransition(session, stall('StatusRefused', String(error), failedMs), deps, signal);
  }
}

function atRest(session: DebugSession): Applied {
  return { session, again: 'OnChange' };
}

/** What has ended still says that it has seen what was written to its spec since: until then it would be in progress to kstatus. */
function hasSeen({ metadata, status }: DebugSession): boolean {
  return status?.observedGeneration === undefined || status.observedGeneration === metadata.generation;
}

async function deleted(session: DebugSession, deps: Dependencies, signal: AbortSignal): Promise<Applied> {
  const held = await deleting(session, snapshotOf(session, deps), deps, signal);
  if (held !== undefined) return applyTransition(session, held, deps, signal);
  deps.runner.clear(session.metadata.uid);
  if (hasFinalizer(session, finalizer)) await deps.sessions.letGo(session, signal);
  return atRest(session);
}

/** Undefined without the map. */
function snapshotOf(session: DebugSession, deps: Dependencies): Snapshot | undefined {
  const { namespace, uid } = session.metadata;
  const topology = deps.topologies.get(namespace, session.spec.topologyRef.name);
  return topology === undefined ? undefined : { session, status: session.status ?? {}, uid, topology };
}

const suspendedMs = 300_000;
const failedMs = 10_000;

/** Phases in which leases may be held: those between the act and its verdict, and those of a session that waited and looks again. */
const locking: ReadonlySet<Phase> = new Set(['Sweeping', 'Diagnosing', 'Planning', 'Acting', 'Verifying']);

/** Undefined for a session that has ended. */
async function decide(session: DebugSession, deps: Dependencies, signal: AbortSignal): Promise<Transition | undefined> {
  const { status = {}, metadata, spec } = session;
  const phase = status.phase ?? 'Pending';
  const held = locking.has(phase) ? undefined : releaseLocks({ session, status, uid: metadata.uid }, deps);
  if (held !== undefined || hasEnded(phase)) return held;
  const snapshot = snapshotOf(session, deps);
  if (snapshot === undefined) return unmapped(session, deps);
  if (spec.cancel === true) return cancelling(snapshot, deps, signal);
  if (spec.suspend) return pause('Suspended', 'The session is suspended', suspendedMs);
  const over = await overLimits(snapshot, deps, signal);
  if (over !== undefined) return over;
  return withTakingBack(snapshot, deps, await handled(snapshot, deps, phase, signal), signal);
}

/** A phase that cannot go on says so; what the API server could not do just now is tried again with backoff. */
async function handled(
  snapshot: Snapshot,
  deps: Dependencies,
  phase: Exclude<Phase, EndPhase>,
  signal: AbortSignal,
): Promise<Transition> {
  try {
    return await handlers[phase](snapshot, deps, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiError && !(error instanceof NotFound)) throw error;
    return stall('PhaseFailed', `${phase}: ${error instanceof Error ? error.message : String(error)}`, failedMs);
  }
}

function unmapped(session: DebugSession, deps: Dependencies): Transition {
  const { metadata, status = {}, spec } = session;
  if (spec.cancel === true) {
    const held = withoutMap(session) ?? releaseLocks({ session, status, uid: metadata.uid }, deps);
    return held ?? advance('Cancelled');
  }
  return stall(
    'TopologyNotFound',
    `spec.topologyRef: there is no ServiceTopology ${metadata.namespace}/${spec.topologyRef.name}`,
  );
}

/** A session that fails takes back what it has live before it says so. */
async function withTakingBack(
  snapshot: Snapshot,
  deps: Dependencies,
  next: Transition,
  signal: AbortSignal,
): Promise<Transition> {
  if (next.kind !== 'Advance' || next.phase !== 'Failed') return next;
  const taken = await takeBackAll(snapshot, deps, 'the session failed', signal);
  return taken.done ? { ...next, patch: { ...next.patch, history: taken.history } } : taken.transition;
}
