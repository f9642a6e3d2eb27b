import type { Config, SessionLimits } from '../config/config.ts';
import type { DebugSession } from '../api/kinds.ts';

/** The operator's own bounds: for sessions that name none, and those that none may exceed. */
export type ConfiguredLimits = Config['limits'];

/**
 * What a session may use in all, in calls, outside writes, seconds, tokens and things that could suffer: its own word within the operator's. Each time a person lets it go on
 * it has all of it once more.
 */
export function limitsOf(
  { spec, status }: DebugSession,
  { default: standard, maximum }: ConfiguredLimits,
): SessionLimits {
  const times = 1 + (status?.usage?.grants ?? 0);
  const bound = (name: keyof SessionLimits): number =>
    Math.min(spec.limits?.[name] ?? standard[name], maximum[name]) * times;
  return {
    toolCalls: bound('toolCalls'),
    writes: bound('writes'),
    tokens: bound('tokens'),
    wallClockSeconds: bound('wallClockSeconds'),
    blastRadius: bound('blastRadius'),
  };
}

/** All iterations of a session together, before anything is granted; `otherwise` where it names no limit. */
export function iterationLimit({ spec }: DebugSession, { maximum }: ConfiguredLimits, otherwise: number): number {
  return Math.min(spec.limits?.iterations ?? otherwise, maximum.iterations);
}
