import { digestOf } from '../../evidence/canonical.ts';
import { ask } from '../approval-question.ts';
import type { Dependencies } from '../dependencies.ts';
import { closeApproval } from '../close-approval.ts';
import { composeAndSave } from '../reporting/compose.ts';
import { deliver } from '../reporting/deliver.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { advance, end, record, wait, type Transition } from '../transition.ts';
import { told } from '../told.ts';

/** A person's turn: the findings are in a draft pull request, an Approval is open; more iterations or the end. */
export async function escalated(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const granted = grantedInSpec(snapshot, deps);
  if (granted !== undefined) return granted;
  const drafted = await draft(snapshot, deps, signal);
  if (drafted !== undefined) return drafted;
  return decision(snapshot, deps);
}

/** The draft pull request; undefined when it is there, or cannot be. */
async function draft(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition | undefined> {
  const { status } = snapshot;
  if (snapshot.session.spec.mode !== 'Fix') return undefined;
  if (status.reportDigest === undefined) {
    const step = runStep(
      snapshot,
      deps,
      'draft',
      'Writing the report',
      async (aborted) => (await composeAndSave(snapshot, deps, undefined, true, aborted))?.digest,
    );
    if (!step.done) return step.transition;
    return step.value === undefined ? undefined : record({ reportDigest: step.value });
  }
  const delivered = await deliver(snapshot, deps, status.reportDigest, signal);
  if (!delivered.done) return delivered.transition;
  const { pullRequest } = delivered;
  if (pullRequest === undefined || pullRequest.title === status.pullRequest?.title) return undefined;
  return record({ pullRequest }, { type: 'Normal', reason: 'DraftOpened', message: pullRequest.url });
}

/** Iterations granted in the session's spec, which admission lets approvers alone raise. */
function grantedInSpec(snapshot: Snapshot, deps: Dependencies): Transition | undefined {
  const asked = snapshot.session.spec.grantIterations;
  const had = snapshot.status.grantedIterations ?? 0;
  if (asked <= had) return undefined;
  return closeApproval(snapshot, deps, 'Withdrawn') ?? resume(snapshot, asked - had);
}

function decision(snapshot: Snapshot, deps: Dependencies): Transition {
  const actionDigest = digestOf({ uid: snapshot.uid, iteration: iterationOf(snapshot), escalation: true });
  const summary = questionText(snapshot);
  const answer = ask(snapshot, deps, { gate: 'Escalation', actionDigest, risk: 'Low', summary });
  switch (answer.state) {
    case 'Open':
      return answer.transition;
    case 'Waiting':
      return wait('Escalated', `Approval ${answer.approval.metadata.name} is open`, 5000);
    case 'Approved':
      return resume(snapshot, answer.approval?.spec.grantIterations ?? 1);
    case 'Rejected':
      return end('Stopped', { approvalRef: undefined });
    case 'Expired':
      return end('Expired', { approvalRef: undefined });
    case 'Gone':
      return record({ approvalRef: undefined });
  }
}

function questionText(snapshot: Snapshot): string {
  const { rootCause: cause, otherOpinion: other } = snapshot.status.diagnosis ?? {};
  const lines = [
    triedText(snapshot),
    cause === undefined ? '' : `Most likely: ${cause.kind} at ${cause.node}: ${cause.summary ?? ''}`,
    ...(other === undefined ? [] : [`${other.engine} says: ${other.summary ?? ''}`]),
    'Approve to grant more iterations, reject to stop.',
  ];
  return told(lines.join('\n'), 4000);
}

/** What has been tried so far: an escalation may come before the first act. */
function triedText({ status, topology }: Snapshot): string {
  const tried = (status.history ?? []).length;
  const { service } = topology.spec;
  if (tried === 0) return `Nothing that is allowed here would fix ${service}.`;
  return `${tried} ${tried === 1 ? 'iteration' : 'iterations'} did not fix ${service}.`;
}

function resume(snapshot: Snapshot, iterations: number): Transition {
  const { status } = snapshot;
  const patch = {
    iteration: iterationOf(snapshot) + 1,
    // What is granted comes on top of the limit that is used up: so many iterations and no more.
    grantedIterations: (status.grantedIterations ?? 0) + iterations,
    usage: { ...status.usage, grants: (status.usage?.grants ?? 0) + 1 },
    approvalRef: undefined,
    reportDigest: undefined,
    plan: undefined,
    acting: undefined,
    verification: undefined,
  };
  const message = `${iterations} more iterations were granted`;
  return advance('Sweeping', patch, { type: 'Normal', reason: 'IterationsGranted', message });
}
