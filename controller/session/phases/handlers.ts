import type { Phase } from '../../api/kinds.ts';
import type { EndPhase } from '../transition.ts';
import type { PhaseHandler } from '../snapshot.ts';
import { acting } from './acting.ts';
import { awaitingApproval } from './awaiting-approval.ts';
import { diagnosing } from './diagnosing.ts';
import { escalated } from './escalated.ts';
import { pending } from './pending.ts';
import { planning } from './planning.ts';
import { reporting } from './reporting.ts';
import { sweeping } from './sweeping.ts';
import { verifying } from './verifying.ts';

type Open = Exclude<Phase, EndPhase>;

/** One function a phase: from what is known to what is to be written, nothing else. */
export const handlers: Readonly<Record<Open, PhaseHandler>> = {
  Pending: pending,
  Sweeping: sweeping,
  Diagnosing: diagnosing,
  Planning: planning,
  AwaitingApproval: awaitingApproval,
  Acting: acting,
  Verifying: verifying,
  Reporting: reporting,
  Escalated: escalated,
};
