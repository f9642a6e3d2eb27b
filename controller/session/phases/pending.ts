import type { DebugSession } from '../../api/kinds.ts';
import { alertsOf, alertSessionsAround } from '../alerts/folding.ts';
import { hasEnded, advance, end, stall, wait, type Transition } from '../transition.ts';
import type { Dependencies } from '../dependencies.ts';
import { isRestored } from '../restored.ts';
import { missingReasoner } from '../missing-reasoner.ts';
import { graphOf, type Snapshot } from '../snapshot.ts';
import { redactHead } from '../../redaction/redact.ts';

/**
 * Resolves the map and those it refers to; folds a session that another open one already covers: of the same map, or, where alerts opened
 * both, of a map whose graph takes this one in.
 */
export async function pending(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const covering = coveringOf(snapshot, deps);
  return covering === undefined ? begin(snapshot, deps) : fold(snapshot, covering, deps, signal);
}

/** If we die between the two writes, the alerts are there already and are not written again. */
async function fold(
  { session }: Snapshot,
  covering: DebugSession,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition> {
  const alerts = alertsOf(session);
  if (alerts.length > 0) {
    const told = await deps.sessions.note(covering, alerts, signal);
    // It may have ended or gone since the cache saw it: then the alerts would be nobody's.
    if (told === undefined || !covers(told, session)) return wait('Folding', 'Looking for who covers it', 1000);
  }
  const message = `${covering.metadata.name} already works on ${session.spec.topologyRef.name}`;
  return end('Duplicate', {}, { type: 'Normal', reason: 'Duplicate', message });
}

function begin(snapshot: Snapshot, deps: Dependencies): Transition {
  const { session } = snapshot;
  const resolved = graphOf(snapshot, deps);
  if (!resolved.targets.some(({ skill }) => skill.probe !== undefined)) {
    const lacking = resolved.gaps.map((gap) => `${gap.node}: ${gap.reason}`).join('; ');
    return stall('NothingToLookAt', redactHead(`The map has no node that can be looked at. ${lacking}`, 1000), 10_000);
  }
  const missing = missingReasoner(session, deps.engines);
  // Said before the write that ends this phase: if we die in between, or the write is refused, it is said again and is the same Event.
  if (missing !== undefined) deps.announce(session, missing);
  return advance('Sweeping', {
    iteration: 1,
    stalledIterations: 0,
    grantedIterations: 0,
    graph: {
      nodes: resolved.graph.nodes.length,
      services: [...resolved.services.values()].slice(0, 60),
      gaps: resolved.gaps.slice(0, 50).map((gap) => redactHead(`${gap.node}: ${gap.reason}`, 500)),
    },
  });
}

/** An open session of the same map and mode, whoever opened it; or one that alerts opened around. */
function coveringOf(snapshot: Snapshot, deps: Dependencies): DebugSession | undefined {
  const { session } = snapshot;
  const same = deps.sessions
    .others(session)
    .filter(({ spec }) => spec.topologyRef.name === session.spec.topologyRef.name && spec.mode === session.spec.mode);
  return [...same, ...alertSessionsAround(snapshot, deps)].find((other) => covers(other, session));
}

/**
 * It works already, or is the older of two that are yet to begin. Ties are broken by UID, so that two never fold into each other.
 */
function covers(other: DebugSession, session: DebugSession): boolean {
  if (hasEnded(other.status?.phase) || other.spec.suspend || isNoLongerAtWork(other)) return false;
  if ((other.status?.phase ?? 'Pending') !== 'Pending') return true;
  const age = other.metadata.creationTimestamp.localeCompare(session.metadata.creationTimestamp);
  return age < 0 || (age === 0 && other.metadata.uid < session.metadata.uid);
}

function isNoLongerAtWork(other: DebugSession): boolean {
  return other.spec.cancel === true || other.metadata.deletionTimestamp !== undefined || isRestored(other);
}
