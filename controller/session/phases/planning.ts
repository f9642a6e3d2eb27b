import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import type { Diagnosed, Iteration } from '../../api/kinds.ts';
import { overBlastRadius } from '../blast-radius-limit.ts';
import type { Dependencies } from '../dependencies.ts';
import { withRecord } from '../history.ts';
import { nextIteration } from '../iterate.ts';
import { planStatus } from '../plan-status.ts';
import { makePlan, type Planned } from '../planning/make-plan.ts';
import type { Refusal } from '../refusal.ts';
import { iterationOf, stepOf, type Snapshot } from '../snapshot.ts';
import { advance, end, stall, wait, type StatusPatch, type Transition } from '../transition.ts';
import { told } from '../told.ts';

/** Renders the fix and freezes it. No outside write. */
export function planning(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  const fix = snapshot.status.diagnosis?.fix;
  if (fix === undefined) return Promise.resolve(stall('NoFix', 'There is no fix to plan'));
  const step = stepOf(snapshot, 'plan');
  const progress = deps.runner.ask(snapshot.uid, step, (signal) => makePlan(snapshot, deps, fix, signal));
  switch (progress.state) {
    case 'Running':
      return Promise.resolve(wait('Planning', 'Waiting for the dry run and the checks'));
    case 'Done':
      return Promise.resolve(planned(snapshot, deps, progress.value));
    case 'Failed':
      return Promise.resolve(failed(snapshot, deps, step, progress.error));
  }
}

/** A refused fix counts as tried; anything else is tried again. */
function failed(snapshot: Snapshot, deps: Dependencies, step: string, error: unknown): Transition {
  if (!(error instanceof PlanRefused)) {
    deps.runner.forgetAfter(snapshot.uid, step, 5000, deps.clock);
    return stall('PlanFailed', String(error), 5000);
  }
  const entry: Iteration = { ...recordFor(snapshot), standing: 'NotApplied' };
  const opened = { ...snapshot, status: { ...snapshot.status, ...withRecord(snapshot.status, entry) } };
  const result = `fail - not applied: ${error.message}`;
  return nextIteration(opened, deps, { result, standing: 'NotApplied', progressed: false });
}

function recordFor(snapshot: Snapshot): Iteration {
  const { rootCause, fix } = snapshot.status.diagnosis ?? {};
  const record = { iteration: iterationOf(snapshot), result: 'pending', standing: 'Pending' } as const;
  return {
    ...record,
    diagnosis: rootCause === undefined ? '' : told(rootCause.summary ?? rootCause.kind),
    action: fix === undefined ? '' : actionText(fix),
    ...(rootCause === undefined ? {} : { rootCause: `${rootCause.node} ${rootCause.kind}` }),
    ...(fix === undefined ? {} : { signature: fix.signature }),
  };
}

/** The article's words: what class of fix, and what it does. */
function actionText(fix: NonNullable<Diagnosed['fix']>): string {
  const kind = fix.class === 'Code' ? 'code fix' : 'infra fix';
  return told(`${kind} - ${fix.rationale ?? fix.action}`);
}

function planned(snapshot: Snapshot, deps: Dependencies, made: Planned): Transition {
  const { plan, asked } = made;
  const entry: Iteration = { ...recordFor(snapshot), plan: made.contentDigest };
  const patch: StatusPatch = {
    plan: planStatus(plan, { ...made, summary: snapshot.status.diagnosis?.fix?.rationale ?? plan.action }),
    ...withRecord(snapshot.status, entry),
    acting: undefined,
    verification: undefined,
  };
  const message = `${plan.action} at ${plan.node}: ${patch.plan?.summary ?? ''}`;
  const announce = { type: 'Normal', reason: 'Planned', message } as const;
  if (snapshot.session.spec.mode === 'Propose') return end('Proposed', patch, announce);
  const over = overBlastRadius(snapshot.session, deps.limits, plan.affected ?? []);
  if (over !== undefined) return unaffordable(over);
  return advance(asked === undefined ? 'Acting' : 'AwaitingApproval', patch, announce);
}

/** Not made is not failed: when a person lets the session go on, the same fix may be planned again. */
function unaffordable({ reason, message }: Refusal): Transition {
  return advance('Escalated', {}, { type: 'Warning', reason, message });
}
