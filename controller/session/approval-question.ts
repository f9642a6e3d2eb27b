import type { Approval } from '../api/kinds.ts';
import type { ApprovalRequest, Dependencies } from './dependencies.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { runStep } from './step.ts';
import { record, type Transition } from './transition.ts';

export interface Question {
  readonly gate: ApprovalRequest['gate'];
  readonly actionDigest: string;
  readonly summary: string;
  readonly risk: ApprovalRequest['risk'];
}

/** How a person answered. */
export type Answer =
  | { readonly state: 'Open'; readonly transition: Transition }
  | { readonly state: 'Waiting'; readonly approval: Approval }
  | { readonly state: 'Approved' | 'Rejected' | 'Expired' | 'Gone'; readonly approval?: Approval };

/** Opens the question once and tells how it stands. The decision is read from the spec alone. */
export function ask(snapshot: Snapshot, deps: Dependencies, question: Question): Answer {
  const ref = snapshot.status.approvalRef;
  if (ref === undefined) return { state: 'Open', transition: open(snapshot, deps, question) };
  const approval = deps.approvals.cached(snapshot.session.metadata.namespace, ref.name);
  if (approval === undefined) return { state: 'Gone' };
  if (approval.metadata.uid !== ref.uid || approval.spec.actionDigest !== question.actionDigest)
    return { state: 'Gone' };
  const { decision, expiresAt } = approval.spec;
  if (decision === 'Rejected') return { state: 'Rejected', approval };
  if (new Date(expiresAt) <= deps.clock.now()) return { state: 'Expired', approval };
  if (decision === 'Approved') return { state: 'Approved', approval };
  return { state: 'Waiting', approval };
}

function open(snapshot: Snapshot, deps: Dependencies, question: Question): Transition {
  const { session, uid } = snapshot;
  const name = `${session.metadata.name}-${uid.slice(0, 8)}-${iterationOf(snapshot)}-${question.gate.toLowerCase()}`;
  const expiresAt = new Date(deps.clock.now().getTime() + deps.timings.approvalSeconds * 1000).toISOString();
  const step = runStep(snapshot, deps, `ask-${question.gate}`, 'Opening an Approval', (signal) =>
    deps.approvals.open({ session, name, expiresAt, ...question }, signal),
  );
  if (!step.done) return step.transition;
  const { name: opened, uid: openedUid } = step.value.metadata;
  const message = `Waiting for a person: kubectl threehops approve ${opened}`;
  return record(
    { approvalRef: { name: opened, uid: openedUid } },
    { type: 'Normal', reason: 'ApprovalOpened', message },
  );
}
