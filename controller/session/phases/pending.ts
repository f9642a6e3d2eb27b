import type { DebugSession } from '../../api/kinds.ts';
import { hasEnded, advance, end, stall, type Transition } from '../transition.ts';
import type { Dependencies } from '../dependencies.ts';
import { isRestored } from '../restored.ts';
import { missingReasoner } from '../missing-reasoner.ts';
import { graphOf, type Snapshot } from '../snapshot.ts';

/** Resolves the map and those it refers to; folds a session that an older open one of the same map already covers. */
export function pending(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  return Promise.resolve(decide(snapshot, deps));
}

function decide(snapshot: Snapshot, deps: Dependencies): Transition {
  const { session } = snapshot;
  const covering = deps.sessions.others(session).find((other) => covers(other, snapshot));
  if (covering !== undefined) {
    const message = `${covering.metadata.name} already works on ${session.spec.topologyRef.name}`;
    return end('Duplicate', {}, { type: 'Normal', reason: 'Duplicate', message });
  }
  const resolved = graphOf(snapshot, deps);
  if (!resolved.targets.some(({ skill }) => skill.probe !== undefined)) {
    const lacking = resolved.gaps.map((gap) => `${gap.node}: ${gap.reason}`).join('; ');
    return stall('NothingToLookAt', `The map has no node that can be looked at. ${lacking}`.slice(0, 1000), 10_000);
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
      gaps: resolved.gaps.slice(0, 50).map((gap) => `${gap.node}: ${gap.reason}`.slice(0, 500)),
    },
  });
}

/**
 * An open session of the same map, whoever opened it, that works on it already or is the older of two that are yet to begin. Ties are
 * broken by UID, so that two never fold into each other.
 */
function covers(other: DebugSession, snapshot: Snapshot): boolean {
  const { session } = snapshot;
  if (other.spec.topologyRef.name !== session.spec.topologyRef.name || hasEnded(other.status?.phase)) return false;
  if (other.spec.mode !== session.spec.mode || other.spec.suspend || isNoLongerAtWork(other)) return false;
  if ((other.status?.phase ?? 'Pending') !== 'Pending') return true;
  const age = other.metadata.creationTimestamp.localeCompare(session.metadata.creationTimestamp);
  return age < 0 || (age === 0 && other.metadata.uid < session.metadata.uid);
}

function isNoLongerAtWork(other: DebugSession): boolean {
  return other.spec.cancel === true || other.metadata.deletionTimestamp !== undefined || isRestored(other);
}
