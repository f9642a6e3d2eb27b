import type { Approval } from '../../api/kinds.ts';
import { loadPlan } from '../acting/load-plan.ts';
import { redact } from '../../redaction/redact.ts';
import { ask, type Question } from '../approval-question.ts';
import { closeApproval } from '../close-approval.ts';
import type { Dependencies } from '../dependencies.ts';
import { withoutPending } from '../history.ts';
import { nextIteration } from '../iterate.ts';
import { outdated } from '../plan-stands.ts';
import { iterationOf, stepOf, type Snapshot } from '../snapshot.ts';
import { advance, stall, wait, type Transition } from '../transition.ts';
import { told } from '../told.ts';

function questionOf({ status: { plan, diagnosis } }: Snapshot): Question | undefined {
  if (plan?.gate === undefined || plan.actionDigest === undefined) return undefined;
  const { gate, actionDigest, risk = 'High', summary = '', gateReason = '', affected = [], diff = '' } = plan;
  const words = [
    `${plan.action} at ${plan.node}: ${summary}`,
    `Asked because ${gateReason}.`,
    `By the map ${affected.length === 0 ? 'nothing else' : affected.join(', ')} could suffer from it.`,
    `${otherOpinion(diagnosis)}\n${diff}`,
  ];
  return { gate, actionDigest, risk, summary: told(words.join('\n'), 4000) };
}

/** Who decides between two engines is told what the other one says. */
function otherOpinion(diagnosis: Snapshot['status']['diagnosis']): string {
  const { engine = '', otherOpinion: other } = diagnosis ?? {};
  return other === undefined ? '' : `\nThis is what ${engine} would do. ${other.engine} says: ${other.summary ?? ''}\n`;
}

function rejected(snapshot: Snapshot, deps: Dependencies, approval: Approval | undefined): Transition {
  const { decidedBy = 'somebody', reason = 'no reason given' } = approval?.spec ?? {};
  // A person's words go on to models, Events and the pull request.
  const result = redact(`fail - rejected by ${decidedBy}: ${reason}`);
  return nextIteration(snapshot, deps, { result, standing: 'NotApplied', progressed: false });
}

/** Nothing runs until a person has decided on exactly this plan. */
export function awaitingApproval(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  return Promise.resolve(decide(snapshot, deps));
}

function decide(snapshot: Snapshot, deps: Dependencies): Transition {
  const question = questionOf(snapshot);
  if (question === undefined) return stall('NoPlan', 'There is no plan to approve');
  const answer = ask(snapshot, deps, question);
  // Not decided is not failed: the same fix may be planned again.
  const history = withoutPending(snapshot.status.history, iterationOf(snapshot));
  switch (answer.state) {
    case 'Open':
      return answer.transition;
    case 'Waiting':
      return withdrawn(snapshot, deps) ?? waiting(answer.approval);
    case 'Approved':
      return advance('Acting');
    case 'Rejected':
      return rejected(snapshot, deps, answer.approval);
    case 'Expired':
      return advance(
        'Escalated',
        { history, approvalRef: undefined },
        {
          type: 'Warning',
          reason: 'ApprovalExpired',
          message: 'Nobody decided in time',
        },
      );
    case 'Gone':
      return lookAgain(snapshot, 'ApprovalGone', 'The Approval is gone; looking again');
  }
}

function waiting({ metadata }: Approval): Transition {
  return wait('AwaitingApproval', `Approval ${metadata.name} is open`, 5000);
}

function lookAgain(snapshot: Snapshot, reason: string, message: string): Transition {
  const history = withoutPending(snapshot.status.history, iterationOf(snapshot));
  const patch = { history, plan: undefined, approvalRef: undefined };
  return advance('Sweeping', patch, { type: 'Warning', reason, message });
}

/**
 * Takes the question back when what it asks about is of the past; undefined while the plan stands. A look that fails tells nothing: the
 * act itself is not made before one that succeeds.
 */
function withdrawn(snapshot: Snapshot, deps: Dependencies): Transition | undefined {
  const step = stepOf(snapshot, 'stands');
  const progress = deps.runner.ask(snapshot.uid, step, async (signal) =>
    outdated(snapshot, deps, await loadPlan(snapshot, deps, signal), { uncounted: true }, signal),
  );
  if (progress.state === 'Running') return undefined;
  const refusal = progress.state === 'Done' ? progress.value : undefined;
  if (refusal !== undefined) {
    return closeApproval(snapshot, deps, 'Withdrawn') ?? lookAgain(snapshot, refusal.reason, refusal.message);
  }
  deps.runner.forgetAfter(snapshot.uid, step, deps.timings.planCheckSeconds * 1000, deps.clock);
  return undefined;
}
