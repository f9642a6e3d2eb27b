import type { Plan } from '../../actions/plan.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import { checkStatus } from '../check-status.ts';
import type { Dependencies } from '../dependencies.ts';
import { graphOf, type Snapshot } from '../snapshot.ts';
import { runStep, type Step } from '../step.ts';
import type { Status, StatusPatch } from '../transition.ts';
import { measureSessionChecks } from '../verifying/session-checks.ts';

/**
 * How the tests of the maps go before the session's first act, as a patch of the status; empty once that is known. Nothing is written
 * for it alone: the first intent takes it along. If we die before that intent is stored, it is measured once more; whoever comes to
 * act again after it finds it in the status. What could not be measured says why, and holds up nothing.
 */
export function measureBefore(snapshot: Snapshot, deps: Dependencies, plan: Plan): Step<StatusPatch> {
  const measures = deps.sessionChecks.some(({ check }) => check.measuredBefore === true);
  if (!measures || snapshot.status.before !== undefined) return { done: true, value: {} };
  return runStep(snapshot, deps, 'before', 'Measuring the load before the act', async (signal) => {
    const judge = { snapshot, deps, from: deps.clock.now(), signal };
    const results = await measureSessionChecks(judge, graphOf(snapshot, deps), plan);
    return { before: results.flatMap(kept).slice(0, 10) };
  });
}

type Before = NonNullable<Status['before']>;

/** A test that the map does not declare is left out, and so is a figure that a status cannot hold. */
function kept(result: CheckResult): Before {
  const { verdict } = result;
  if (verdict === 'NotRun') return [];
  const whole = Object.entries(result.figures ?? {}).filter(([, value]) => Number.isSafeInteger(value) && value >= 0);
  return [{ ...checkStatus(result), verdict, figures: Object.fromEntries(whole.slice(0, 10)) }];
}
