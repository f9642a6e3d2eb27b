import type { Approval, DebugSession } from '../api/kinds.ts';
import { childName } from './child-name.ts';
import { closeApproval } from './close-approval.ts';
import type { ApprovalRequest, Dependencies } from './dependencies.ts';
import { iterationOf, stepOf, type Snapshot } from './snapshot.ts';
import { runStep, type Step } from './step.ts';
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
  const found = find(snapshot, deps, ref.name);
  if (!found.done) return { state: 'Open', transition: found.transition };
  const approval = found.value;
  if (approval === undefined || !isAbout(approval, snapshot, question)) {
    // It would be found again in what was opened and looked for before.
    for (const step of [`ask-${question.gate}`, `find-${ref.name}`]) {
      deps.runner.forget(snapshot.uid, stepOf(snapshot, step));
    }
    return { state: 'Gone' };
  }
  const state = stateOf(approval, deps.clock.now());
  if (state === 'Waiting') return { state, approval };
  const closing = closeApproval(snapshot, deps, state === 'Expired' ? 'Expired' : 'Consumed');
  return closing === undefined ? { state, approval } : { state: 'Open', transition: closing };
}

/** The cache may not have seen yet what was opened just now: only the API server says that it is gone. */
function find(snapshot: Snapshot, deps: Dependencies, name: string): Step<Approval | undefined> {
  const { namespace } = snapshot.session.metadata;
  const cached = deps.approvals.cached(namespace, name);
  if (cached !== undefined) return { done: true, value: cached };
  const read = (signal: AbortSignal): Promise<Approval | undefined> => deps.approvals.live(namespace, name, signal);
  return runStep(snapshot, deps, `find-${name}`, 'Looking for the Approval', read);
}

function isAbout(approval: Approval, { session, status }: Snapshot, { actionDigest, gate }: Question): boolean {
  const { metadata, spec } = approval;
  const same = metadata.uid === status.approvalRef?.uid && spec.sessionRef.uid === session.metadata.uid;
  return same && spec.actionDigest === actionDigest && spec.gate === gate && isOfAnother(approval, session);
}

/**
 * Whether somebody else than the session's requester decides it: admission holds that against `requester`, which is held here against the
 * session. Who sent the alert that opened it asked for it as well.
 */
export function isOfAnother({ spec }: Approval, { spec: { createdBy = 'unknown', trigger } }: DebugSession): boolean {
  const asking = [createdBy, trigger?.reportedBy];
  return spec.requester === createdBy && (spec.decidedBy === undefined || !asking.includes(spec.decidedBy));
}

function stateOf({ spec }: Approval, now: Date): 'Waiting' | 'Approved' | 'Rejected' | 'Expired' {
  if (spec.decision === 'Rejected') return 'Rejected';
  if (new Date(spec.expiresAt) <= now) return 'Expired';
  return spec.decision === 'Approved' ? 'Approved' : 'Waiting';
}

function open(snapshot: Snapshot, deps: Dependencies, question: Question): Transition {
  const { session } = snapshot;
  // With the digest: the same iteration may have to ask again about another plan.
  const asked = `-${iterationOf(snapshot)}-${question.gate.toLowerCase()}-${question.actionDigest.slice(0, 8)}`;
  const name = childName(session, asked);
  const expiresAt = new Date(deps.clock.now().getTime() + deps.timings.approvalSeconds * 1000).toISOString();
  const step = runStep(snapshot, deps, `ask-${question.gate}`, 'Opening an Approval', (signal) =>
    deps.approvals.open({ session, name, expiresAt, ...question }, signal),
  );
  if (!step.done) return step.transition;
  const { name: opened, uid: openedUid } = step.value.metadata;
  const message = `Waiting for a person to decide Approval ${opened}`;
  const taken = `${message}; one of the name ${name} is there that this session did not open, and counts for nothing`;
  return record(
    { approvalRef: { name: opened, uid: openedUid } },
    opened === name
      ? { type: 'Normal', reason: 'ApprovalOpened', message }
      : { type: 'Warning', reason: 'ApprovalNameTaken', message: taken },
  );
}
