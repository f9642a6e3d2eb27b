import type { DebugSessionStatus } from '../api/generated/debug-session.ts';
import type { Outcome, Phase } from '../api/kinds.ts';
import { told } from './told.ts';

export type Status = DebugSessionStatus;

/** Changes to a status, field by field; undefined takes a field away. */
export type StatusPatch = { readonly [Field in keyof Status]?: Status[Field] | undefined };

/** An Event on the session: `reason` is CamelCase, for programs. */
export interface Announcement {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Nothing but the world or a person can move it on: shown as Stalled. */
export interface Stall {
  readonly reason: string;
  readonly message: string;
}

/** What a phase answers; `applyTransition` alone writes it down. */
export type Transition =
  /** Go on to another phase. */
  | { readonly kind: 'Advance'; readonly phase: Phase; readonly patch: StatusPatch; readonly announce?: Announcement }
  /** Write something down and be called again at once. */
  | { readonly kind: 'Record'; readonly patch: StatusPatch; readonly announce?: Announcement }
  /** Be called again when something changed, at the latest after `afterMs`. Nothing is written unless it is to be `told`, and that once. */
  | {
      readonly kind: 'Wait';
      readonly reason: string;
      readonly message: string;
      readonly afterMs?: number;
      readonly told?: true;
    }
  /** Cannot go on until somebody mends something; written once, then waited. */
  | { readonly kind: 'Stall'; readonly stall: Stall; readonly afterMs?: number };

export function advance(phase: Phase, patch: StatusPatch = {}, announce?: Announcement): Transition {
  return { kind: 'Advance', phase, patch, ...announcing(announce) };
}

export function record(patch: StatusPatch, announce?: Announcement): Transition {
  return { kind: 'Record', patch, ...announcing(announce) };
}

function announcing(announce: Announcement | undefined): { readonly announce?: Announcement } {
  return announce === undefined ? {} : { announce: { ...announce, message: told(announce.message) } };
}

export function wait(reason: string, message: string, afterMs?: number): Transition {
  return { kind: 'Wait', reason, message, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Waits, and lets people see for what. */
export function pause(reason: string, message: string, afterMs: number): Transition {
  return { kind: 'Wait', reason, message: told(message), afterMs, told: true };
}

export function stall(reason: string, message: string, afterMs?: number): Transition {
  return {
    kind: 'Stall',
    stall: { reason, message: told(message) },
    ...(afterMs === undefined ? {} : { afterMs }),
  };
}

const ends = {
  Fixed: 'Succeeded',
  NoFaultFound: 'Succeeded',
  Diagnosed: 'Succeeded',
  Proposed: 'Succeeded',
  Duplicate: 'Succeeded',
} as const;

export type EndPhase = 'Succeeded' | 'Failed' | 'Cancelled';

/** The end of a session with its outcome. */
export function end(outcome: Outcome, patch: StatusPatch = {}, announce?: Announcement): Transition {
  const phase = outcome in ends ? 'Succeeded' : 'Failed';
  const type = phase === 'Succeeded' ? 'Normal' : 'Warning';
  return advance(
    phase,
    { ...patch, outcome },
    announce ?? { type, reason: outcome, message: `The session ended: ${outcome}` },
  );
}

export function hasEnded(phase: Phase | undefined): phase is EndPhase {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Cancelled';
}
