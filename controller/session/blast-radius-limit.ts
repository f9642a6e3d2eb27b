import type { DebugSession } from '../api/kinds.ts';
import { limitsOf, type ConfiguredLimits } from './limits.ts';
import { escalate, type Refusal } from './refusal.ts';

/** All that could have suffered from a session's acts, and could from one more. */
export function affectedWith({ status }: Pick<DebugSession, 'status'>, affected: readonly string[]): readonly string[] {
  return [...new Set([...(status?.usage?.affected ?? []), ...affected])].toSorted();
}

/** Undefined where an act that could hurt these stays within the session's blast radius. */
export function overBlastRadius(
  session: DebugSession,
  limits: ConfiguredLimits,
  affected: readonly string[],
): Refusal | undefined {
  const { blastRadius } = limitsOf(session, limits);
  const all = affectedWith(session, affected).length;
  if (all <= blastRadius) return undefined;
  return escalate(
    'BlastRadiusLimit',
    `The act could bring what the session may hurt to ${all}, more than ${blastRadius}`,
  );
}
