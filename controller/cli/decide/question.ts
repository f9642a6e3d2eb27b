import { actionDigest, type Plan } from '../../actions/plan.ts';
import { approvalResource } from '../../api/generated/approval.ts';
import type { Approval, DebugSession } from '../../api/kinds.ts';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { KubeClient } from '../../kube/client.ts';
import { Forbidden, NotFound } from '../../kube/errors.ts';
import { KubeEvidenceStore } from '../../session/stores/evidence-store.ts';
import { debugSessions } from '../../session/stores/session-store.ts';

/** Why nothing can be decided here. */
export class NotDecidable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotDecidable';
  }
}

/** What is to be decided, with all of it that the user may read. */
export interface Question {
  readonly approval: Approval;
  readonly session: DebugSession;
  /** Absent for an Escalation, and for who may not read evidence. */
  readonly plan?: Plan;
  readonly bundle?: EvidenceBundle;
}

interface Key {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The Approval of that name, or the one that the session of that name waits for, with what it asks about. What is stored as its plan
 * must be what it asks about.
 * @throws NotDecidable, and an ApiError
 */
export async function readQuestion(client: KubeClient, key: Key, now: Date, signal: AbortSignal): Promise<Question> {
  const approval = await approvalOf(client, key, signal);
  assertOpen(approval, now);
  const { namespace } = approval.metadata;
  const { name, uid } = approval.spec.sessionRef;
  const session = await client.resource(debugSessions).get({ namespace, name }, signal);
  if (session.metadata.uid !== uid)
    throw new NotDecidable(`its session ${name} is gone; there is another of that name`);
  if (session.status?.approvalRef?.uid !== approval.metadata.uid) {
    throw new NotDecidable(`its session ${name} does not wait for it any more`);
  }
  assertSame(approval, session.status?.plan?.actionDigest);
  return { approval, session, ...(await evidenceOf(client, approval, session, signal)) };
}

async function approvalOf(client: KubeClient, key: Key, signal: AbortSignal): Promise<Approval> {
  const api = client.resource<Approval>(approvalResource);
  try {
    return await api.get(key, signal);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  const none = `there is neither an Approval ${key.name} in namespace ${key.namespace} nor a session that waits for one`;
  try {
    const { status } = await client.resource(debugSessions).get(key, signal);
    if (status?.approvalRef === undefined) throw new NotDecidable(none);
    return await api.get({ ...key, name: status.approvalRef.name }, signal);
  } catch (error) {
    throw error instanceof NotFound ? new NotDecidable(none, { cause: error }) : error;
  }
}

function assertOpen({ spec, status, metadata }: Approval, now: Date): void {
  if (spec.decision !== undefined) {
    throw new NotDecidable(`${metadata.name} was ${spec.decision.toLowerCase()} by ${spec.decidedBy} already`);
  }
  const state = status?.state ?? 'Open';
  if (state !== 'Open') throw new NotDecidable(`${metadata.name} is ${state.toLowerCase()}`);
  if (new Date(spec.expiresAt) <= now) throw new NotDecidable(`${metadata.name} expired at ${spec.expiresAt}`);
}

function assertSame({ spec }: Approval, digest: string | undefined): void {
  if (spec.gate === 'Escalation' || digest === spec.actionDigest) return;
  throw new NotDecidable('what the session has planned is not what this Approval asks about');
}

async function evidenceOf(
  client: KubeClient,
  approval: Approval,
  session: DebugSession,
  signal: AbortSignal,
): Promise<Pick<Question, 'plan' | 'bundle'>> {
  const store = new KubeEvidenceStore(client);
  const { plan: planned, sweep } = session.status ?? {};
  try {
    const bundle =
      sweep?.bundleDigest === undefined
        ? {}
        : // The digest covers the content.
          { bundle: (await store.load(session, sweep.bundleDigest, signal)) as EvidenceBundle };
    if (approval.spec.gate === 'Escalation' || planned?.contentDigest === undefined) return bundle;
    const plan = (await store.load(session, planned.contentDigest, signal)) as Plan;
    assertSame(approval, actionDigest(plan));
    return { ...bundle, plan };
  } catch (error) {
    if (error instanceof Forbidden) return {};
    throw error;
  }
}
