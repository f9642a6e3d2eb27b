import type { DebugSession } from '../api/kinds.ts';
import type { Engines } from './diagnosing/engines.ts';
import type { Announcement } from './transition.ts';

/** What a session is told that asks for another engine than the one there is; undefined when it has what it asks for. */
export function missingReasoner({ spec }: DebugSession, { causal, claude }: Engines): Announcement | undefined {
  if (spec.reasoner === 'Causal' || claude !== undefined) return undefined;
  const message = `spec.reasoner: ${spec.reasoner} is not available; ${causal.engine} answers instead`;
  return { type: 'Warning', reason: 'ReasonerUnavailable', message };
}
