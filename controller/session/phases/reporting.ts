import { loadPlan } from '../acting/load-plan.ts';
import type { Dependencies } from '../dependencies.ts';
import { composeAndSave } from '../reporting/compose.ts';
import { deliver } from '../reporting/deliver.ts';
import type { Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { advance, end, record, type Transition } from '../transition.ts';

/** Leaves the pull request with the whole history; the session is Fixed when it is open. */
export async function reporting(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const { reportDigest } = snapshot.status;
  if (reportDigest === undefined) return compose(snapshot, deps);
  const delivered = await deliver(snapshot, deps, reportDigest, signal);
  if (!delivered.done) return delivered.transition;
  if (delivered.pullRequest === undefined) {
    const message = `The fix holds, but no pull request could be opened: ${delivered.problem}`;
    return advance('Escalated', {}, { type: 'Warning', reason: 'ReportFailed', message });
  }
  const { pullRequest } = delivered;
  const message = `Fixed; ${pullRequest.title}: ${pullRequest.url}`;
  return end('Fixed', { pullRequest }, { type: 'Normal', reason: 'Fixed', message });
}

function compose(snapshot: Snapshot, deps: Dependencies): Transition {
  const step = runStep(snapshot, deps, 'report', 'Writing the report', async (signal) => {
    const plan = snapshot.status.plan === undefined ? undefined : await loadPlan(snapshot, deps, signal);
    return (await composeAndSave(snapshot, deps, plan, false, signal))?.digest;
  });
  if (!step.done) return step.transition;
  if (step.value !== undefined) return record({ reportDigest: step.value });
  // Without a repository the session itself is the report.
  return end('Fixed');
}
