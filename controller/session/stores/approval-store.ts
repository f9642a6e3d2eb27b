import { approvalResource } from '../../api/generated/approval.ts';
import type { Approval } from '../../api/kinds.ts';
import { setReadiness } from '../../kube/conditions.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { AlreadyExists, NotFound } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import type { Draft } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { approvalFor, isOwnQuestion } from '../approval-draft.ts';
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

/**
 * Under a name that somebody else has taken it would be the other one that people decide on: then the API server chooses a name. If we
 * die before that one is in the session's status, it stays open, and counts for nothing.
 */
async function create(
  api: { create(object: Draft<Approval>, signal: AbortSignal): Promise<Approval> },
  request: ApprovalRequest,
  read: ApprovalStore['live'],
  signal: AbortSignal,
): Promise<Approval> {
  const { namespace } = request.session.metadata;
  const draft = approvalFor(request);
  try {
    return await api.create(draft, signal);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    const there = await read(namespace, request.name, signal);
    if (there !== undefined && isOwnQuestion(there, request)) return there;
    const { name: _, ...metadata } = draft.metadata ?? {};
    return api.create({ ...draft, metadata: { ...metadata, generateName: `${request.name}-` } }, signal);
  }
}

/** kstatus: an open question is in progress, a used one is ready, one taken back or too late is stalled. */
function withState(approval: Approval, state: 'Open' | 'Consumed' | 'Withdrawn' | 'Expired', now: Date): Approval {
  const kstatus = { Open: 'Reconciling', Consumed: 'Ready', Withdrawn: 'Stalled', Expired: 'Stalled' } as const;
  const readiness = { state: kstatus[state], reason: state, message: `The question is ${state.toLowerCase()}` };
  const { generation } = approval.metadata;
  const conditions = setReadiness(approval.status?.conditions, readiness, generation, now);
  return { ...approval, status: { observedGeneration: generation, state, conditions: [...conditions] } };
}
