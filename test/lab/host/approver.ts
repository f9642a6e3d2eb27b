import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { Gate } from '../faults/fault.ts';
import type { OpenLab } from './open-lab.ts';
import { people } from './platform.ts';
import type { OnRunEvent } from './run-events.ts';

export interface Decision {
  readonly decision: 'Approved' | 'Rejected';
  readonly grantIterations?: number;
  readonly reason?: string;
}

/** Decides an Approval as the lab's approver, who alone may. */
export async function decideApproval(
  { platform, namespace }: OpenLab,
  approval: string,
  decision: Decision,
): Promise<void> {
  const spec = { decidedBy: people.approver, ...decision };
  const patch = ['patch', 'approvals.threehops.dev', approval, '--namespace', namespace, '--type', 'merge'];
  const kubeconfig = platform.kubeconfigs.approver;
  await platform.controlPlane.kubectl([...patch, '--patch', JSON.stringify({ spec })], { kubeconfig });
}

/** Passes on what a run tells, and opens each of these gates when its session waits at one. */
export function withApprover(open: OpenLab, gates: readonly Gate[], tell: OnRunEvent): OnRunEvent {
  const decided = new Set<string>();
  const note = (message: string): void => tell({ kind: 'Step', name: 'approver', state: 'Note', message });
  return (event) => {
    tell(event);
    const asked = event.kind === 'Session' ? questionOf(event.session, gates) : undefined;
    if (asked === undefined || decided.has(asked.approval)) return;
    decided.add(asked.approval);
    const decision: Decision = { decision: 'Approved', reason: 'the plan is right' };
    decideApproval(open, asked.approval, decision).then(
      () => note(`${people.approver} approves ${asked.what}`),
      (error: unknown) => note(`${people.approver} could not approve ${asked.what}: ${String(error)}`),
    );
  };
}

function questionOf({ status = {} }: DebugSession, gates: readonly Gate[]) {
  const { phase, plan, approvalRef } = status;
  if (phase !== 'AwaitingApproval' || approvalRef === undefined || plan?.gate === undefined) return undefined;
  if (!gates.includes(plan.gate)) return undefined;
  return { approval: approvalRef.name, what: `${plan.gate}: ${plan.action} at ${plan.node}` };
}
