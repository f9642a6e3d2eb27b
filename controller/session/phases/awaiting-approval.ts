import type { Approval } from '../../api/kinds.ts';
import { ask, type Question } from '../approval-question.ts';
import type { Dependencies } from '../dependencies.ts';
import { withoutPending } from '../history.ts';
import { nextIteration } from '../iterate.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { advance, stall, wait, type Transition } from '../transition.ts';

function questionOf({ status: { plan, diagnosis } }: Snapshot): Question | undefined {
  if (plan?.gate === undefined || plan.actionDigest === undefined) return undefined;
  const { gate, actionDigest, risk = 'High', summary = '', diff = '' } = plan;
  const told = `${plan.action} at ${plan.node}: ${summary}\n${otherOpinion(diagnosis)}\n${diff}`;
  return { gate, actionDigest, risk, summary: told.slice(0, 4000) };
}

/** Who decides between two engines is told what the other one says. */
function otherOpinion(diagnosis: Snapshot['status']['diagnosis']): string {
  const { engine = '', otherOpinion: other } = diagnosis ?? {};
  return other === undefined ? '' : `\nThis is what ${engine} would do. ${other.engine} says: ${other.summary ?? ''}\n`;
}

function rejected(snapshot: Snapshot, deps: Dependencies, approval: Approval | undefined): Transition {
  const { decidedBy = 'somebody', reason = 'no reason given' } = approval?.spec ?? {};
  const result = `fail - rejected by ${decidedBy}: ${reason}`;
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
      return wait('AwaitingApproval', `Approval ${answer.approval.metadata.name} is open`, 5000);
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
      return advance(
        'Sweeping',
        { history, plan: undefined, approvalRef: undefined },
        {
          type: 'Warning',
          reason: 'ApprovalGone',
          message: 'The Approval is gone; looking again',
        },
      );
  }
}
