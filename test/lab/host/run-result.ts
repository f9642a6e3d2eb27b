import type { DebugSession } from '../../../controller/api/kinds.ts';
import { isTrueCause, type Fault, type Judgement } from '../faults/fault.ts';
import type { WorldNames } from '../world/names.ts';
import type { AlertResult } from './alert-session.ts';

type Status = NonNullable<DebugSession['status']>;

/** What a run came to. */
export interface RunResult {
  readonly phase: string;
  /** The session's outcome; `Escalated` for one that waits for a person's decision. */
  readonly outcome: string;
  readonly rootCause: NonNullable<Status['diagnosis']>['rootCause'] | null;
  readonly iterations: number;
  readonly pullRequest: Status['pullRequest'] | null;
  readonly history: NonNullable<Status['history']>;
  /** Judged from outside: 30 s after the end where the outcome is Fixed, at once elsewhere. */
  readonly healed: boolean;
  /** What the judge saw. */
  readonly seen: string;
  /** What it cost: tokens and requests of models, calls of tools, outside writes. */
  readonly usage: NonNullable<Status['usage']>;
  /** From the session's creation to its end. */
  readonly seconds: number;
  /** Whether the reported cause is one of the fault's true ones. */
  readonly causeIsTrue: boolean;
  /** Every outside write that reached the lab since the session began, its pipelines' included. */
  readonly writes: readonly string[];
  /** Whether the operator was killed where the run was to crash; false where none was planned. */
  readonly killed: boolean;
  /** Of a run whose session an alert opened. */
  readonly alert?: AlertResult;
  /** Whether the outcome is the one that the fault calls for. */
  readonly asExpected: boolean;
}

export const exitCodes = {
  Fixed: 0,
  Error: 1,
  NoFaultFound: 3,
  Escalated: 4,
  Diagnosed: 5,
  Proposed: 5,
  Inconclusive: 6,
} as const;

export interface Ended {
  readonly fault: Fault;
  readonly names: WorldNames;
  readonly session: DebugSession;
  readonly judgement: Judgement;
  readonly seconds: number;
}

/** What the session and the judge tell; what reached the lab meanwhile is the host's to add. */
export type Judged = Omit<RunResult, 'writes' | 'killed' | 'alert'>;

export function resultOf({ fault, names, session, judgement, seconds }: Ended): Judged {
  const status = session.status ?? {};
  const outcome = status.phase === 'Escalated' ? 'Escalated' : (status.outcome ?? status.phase ?? 'Error');
  const rootCause = status.diagnosis?.rootCause ?? null;
  const causes = fault.expected.causes(names);
  return {
    phase: status.phase ?? 'Pending',
    outcome,
    rootCause,
    iterations: status.iteration ?? 0,
    pullRequest: status.pullRequest ?? null,
    history: status.history ?? [],
    healed: judgement.healed,
    seen: judgement.seen,
    usage: status.usage ?? {},
    seconds: Math.round(seconds * 10) / 10,
    causeIsTrue: isTrueCause(causes, rootCause ?? undefined),
    asExpected: outcome === fault.expected.outcome && (outcome !== 'Fixed' || judgement.healed),
  };
}

/** A Fixed that did not heal is a failure, whatever the session says of itself; so is one whose alert is not over, or that is not alone. */
export function exitCodeOf({ outcome, healed, alert }: Pick<RunResult, 'outcome' | 'healed' | 'alert'>): number {
  if (outcome === 'Fixed' && !(healed && (alert?.resolved ?? true))) return exitCodes.Error;
  if (alert !== undefined && alert.sessions !== 1) return exitCodes.Error;
  return outcome in exitCodes ? exitCodes[outcome as keyof typeof exitCodes] : exitCodes.Error;
}
