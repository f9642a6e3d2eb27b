import { failIteration } from '../acting/fail-iteration.ts';
import { loadPlan } from '../acting/load-plan.ts';
import { rfc3339 } from '../apply-transition.ts';
import { checkStatus } from '../check-status.ts';
import type { Dependencies } from '../dependencies.ts';
import { keepLocks } from '../acting/take-locks.ts';
import { amended } from '../history.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { advance, record, type Status, type Transition } from '../transition.ts';
import { notWorse } from '../verifying/compare.ts';
import { verify, type Verified } from '../verifying/verify.ts';
import { told } from '../told.ts';

/** Looks at the world since the act; the verdict is written down before anything is done about it. */
export async function verifying(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const { status } = snapshot;
  const plan = await loadPlan(snapshot, deps, signal);
  const known = status.verification;
  if (known?.verdict !== undefined) {
    const failure = { result: resultOf(known), improved: known.improved ?? false };
    return failIteration(snapshot, deps, plan, failure);
  }
  const step = runStep(snapshot, deps, 'verify', 'Waiting for the verification', async (aborted) => {
    await keepLocks(snapshot, deps, aborted);
    return verify(snapshot, deps, plan, aborted);
  });
  if (!step.done) return step.transition;
  const verification = verificationStatus(step.value, deps);
  if (step.value.verdict !== 'Pass') {
    const message = resultOf(verification);
    return record({ verification }, { type: 'Warning', reason: 'VerificationFailed', message });
  }
  const history = amended(status.history, iterationOf(snapshot), { result: 'pass', standing: 'Kept' });
  const run = (verification.checks ?? []).filter((check) => check.verdict !== 'NotRun').length;
  const message = `All ${run} checks passed`;
  return advance('Reporting', { verification, history }, { type: 'Normal', reason: 'Verified', message });
}

type Verification = NonNullable<Status['verification']>;

function verificationStatus(result: Verified, deps: Dependencies): Verification {
  return {
    startedAt: rfc3339(nextSecond(result.from)),
    endedAt: rfc3339(deps.clock.now()),
    verdict: result.verdict,
    improved: result.improved,
    checks: result.checks
      .toSorted((a, b) => order[a.verdict] - order[b.verdict])
      .slice(0, 100)
      .map(checkStatus),
  };
}

/** Times in a status have whole seconds; what came before the moment must not count. */
function nextSecond(moment: Date): Date {
  return new Date(Math.ceil(moment.getTime() / 1000) * 1000);
}

/** What failed is never the part that is cut. */
const order = { Fail: 0, Inconclusive: 1, Pass: 2, NotRun: 3 } as const;

/** The history's words for a verification that was not passed: the failure that is left, the error that is new. */
function resultOf(verification: Verification): string {
  const checks = verification.checks ?? [];
  const failed = checks.filter((check) => check.verdict === 'Fail');
  const open = checks.filter((check) => check.verdict === 'Inconclusive');
  if (verification.verdict === 'Inconclusive') {
    return told(`fail - inconclusive: ${open.map((check) => `${check.name}: ${check.summary}`).join('; ')}`);
  }
  const still = verification.improved === true ? [] : failed.filter((check) => check.name.startsWith('prediction'));
  const isNew = failed.filter((check) => check.name === notWorse);
  const said = (still.length > 0 ? still : [...isNew, ...failed]).map((check) => check.summary ?? check.name);
  const prefix = still.length > 0 ? 'fail - still' : 'fail - new error';
  return told(`${prefix}: ${[...new Set(said)].slice(0, 4).join('; ')}`);
}
