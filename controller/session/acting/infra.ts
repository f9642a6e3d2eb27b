import type { Plan } from '../../actions/plan.ts';
import type { Dependencies } from '../dependencies.ts';
import { rfc3339 } from '../apply-transition.ts';
import { carryOut } from '../intents.ts';
import type { Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { advance, record, type StatusPatch, type Transition } from '../transition.ts';
import { actIntent } from './act-intent.ts';
import { awaitSettled } from './await-settled.ts';
import { told } from '../told.ts';

/** The infra half of Acting: one intent, then waiting until it is in force. `noted` is written down with the intent. */
export function actInfra(snapshot: Snapshot, deps: Dependencies, plan: Plan, noted: StatusPatch): Transition {
  const step = carryOut(snapshot, deps, { ...actIntent(snapshot, deps, plan), noted });
  if (step.state === 'Open') return step.transition;
  if (step.state === 'Failed') return record({ acting: { ...snapshot.status.acting, failure: step.message } });
  const acted = { frozen: plan.frozen, evidence: step.evidence };
  const settled = runStep(snapshot, deps, 'settled', `Waiting until ${plan.action} is in force`, (signal) =>
    awaitSettled(snapshot, deps, plan, acted, signal),
  );
  if (!settled.done) return settled.transition;
  const endedAt = rfc3339(deps.clock.now());
  const { ok, summary } = settled.value;
  if (!ok) return record({ acting: { ...snapshot.status.acting, failure: told(summary), endedAt } });
  return advance('Verifying', { acting: { ...snapshot.status.acting, deployed: told(summary, 300), endedAt } });
}
