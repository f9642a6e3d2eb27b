import type { DebugSession } from '../api/kinds.ts';
import type { Reasoner } from '../reasoning/reasoner.ts';
import type { Announcement } from './transition.ts';

/** What a session is told that asks for another engine than the one there is; undefined when it has what it asks for. */
export function missingReasoner(
  { spec }: DebugSession,
  { engine }: Pick<Reasoner, 'engine'>,
): Announcement | undefined {
  if (spec.reasoner === engine) return undefined;
  const message = `spec.reasoner: ${spec.reasoner} is not available; ${engine} answers instead`;
  return { type: 'Warning', reason: 'ReasonerUnavailable', message };
}
