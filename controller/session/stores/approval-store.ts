import { approvalResource } from '../../api/generated/approval.ts';
import type { Approval } from '../../api/kinds.ts';
import { setReadiness } from '../../kube/conditions.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { AlreadyExists, NotFound } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import { ownerReference } from '../../kube/owner-references.ts';
import type { Draft } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { trimmed } from '../child-name.ts';
import type { ApprovalRequest, ApprovalStore } from '../dependencies.ts';

export const approvals: Resource<Approval> = approvalResource;

/** Approvals on the API server. Names are made of session, iteration and gate: asking again after a crash finds the question. */
export function approvalStore(client: KubeClient, informer: Informer<Approval>, clock: Clock): ApprovalStore {
  const api = client.resource(approvals);
  const read = async (namespace: string, name: string, signal: AbortSignal): Promise<Approval | undefined> => {
    try {
      return await api.get({ namespace, name }, signal);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  };
  const setState: ApprovalStore['setState'] = async (approval, state, signal) => {
    await api.replaceStatus(withState(approval, state, clock.now()), signal);
  };
  return {
    live: read,
    cached: (namespace, name) => informer.store.get({ namespace, name }),
    setState,
    async open(request, signal) {
      const opened = await create(api, request, read, signal);
      if (opened.status?.state === undefined) await setState(opened, 'Open', signal);
      return opened;
    },
  };
}

async function create(
  api: { create(object: Draft<Approval>, signal: AbortSignal): Promise<Approval> },
  request: ApprovalRequest,
  read: ApprovalStore['live'],
  signal: AbortSignal,
): Promise<Approval> {
  const { namespace } = request.session.metadata;
  try {
    return await api.create(approvalFor(request), signal);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    const there = await read(namespace, request.name, signal);
    const same =
      there?.spec.sessionRef.uid === request.session.metadata.uid && there.spec.actionDigest === request.actionDigest;
    if (there === undefined || !same) throw error;
    return there;
  }
}

function approvalFor(request: ApprovalRequest): Draft<Approval> {
  const { session, name, gate, actionDigest, summary, risk, expiresAt } = request;
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Approval',
    metadata: {
      name,
      namespace: session.metadata.namespace,
      labels: { 'threehops.dev/session': trimmed(session.metadata.name, 63) },
      ownerReferences: [ownerReference(session)],
    },
    spec: {
      sessionRef: { name: session.metadata.name, uid: session.metadata.uid },
      requester: session.spec.createdBy ?? 'unknown',
      gate,
      actionDigest,
      summary,
      risk,
      expiresAt,
    },
  };
}

/** kstatus: an open question is in progress, a used one is ready, one taken back or too late is stalled. */
function withState(approval: Approval, state: 'Open' | 'Consumed' | 'Withdrawn' | 'Expired', now: Date): Approval {
  const kstatus = { Open: 'Reconciling', Consumed: 'Ready', Withdrawn: 'Stalled', Expired: 'Stalled' } as const;
  const readiness = { state: kstatus[state], reason: state, message: `The question is ${state.toLowerCase()}` };
  const { generation } = approval.metadata;
  const conditions = setReadiness(approval.status?.conditions, readiness, generation, now);
  return { ...approval, status: { observedGeneration: generation, state, conditions: [...conditions] } };
}
