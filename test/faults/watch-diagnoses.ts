import type { DebugSession, Diagnosed } from '../../controller/api/kinds.ts';
import type { OnRunEvent } from '../lab/host/run-events.ts';

/** A session as it stood before a diagnosis was made, and the diagnosis as its status has it. */
export interface SeenDiagnosis {
  /** In Diagnosing: its status holds all that the reasoner's memory is made of. */
  readonly session: DebugSession;
  /** Undefined where the answer was refused, or its state was not seen. */
  readonly diagnosis?: Diagnosed;
}

export interface DiagnosisWatch {
  readonly tell: OnRunEvent;
  /** So far, in order. */
  readonly seen: readonly SeenDiagnosis[];
}

/** Follows a run's session. What the status says later does not do: by then the history tells how the fix went. */
export function watchDiagnoses(): DiagnosisWatch {
  const seen: SeenDiagnosis[] = [];
  return {
    seen,
    tell(event) {
      if (event.kind === 'Session') follow(seen, event.session);
    },
  };
}

function follow(seen: SeenDiagnosis[], session: DebugSession): void {
  const { phase, sweep, diagnosis } = session.status ?? {};
  const last = seen.at(-1);
  const open = last?.diagnosis === undefined ? last : undefined;
  if (phase === 'Diagnosing') {
    // One that stalled is tried again on the same evidence.
    if (open !== undefined && digestIn(open.session) === sweep?.bundleDigest) seen.pop();
    seen.push({ session });
  } else if (open !== undefined && diagnosis !== undefined && diagnosis.bundleDigest === digestIn(open.session)) {
    seen.splice(-1, 1, { ...open, diagnosis });
  }
}

export function digestIn({ status }: DebugSession): string | undefined {
  return status?.sweep?.bundleDigest;
}
