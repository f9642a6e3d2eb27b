import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { SessionOrder } from '../faults/fault.ts';
import type { OpenLab } from './open-lab.ts';
import { people, yaml } from './platform.ts';
import type { OnRunEvent } from './run-events.ts';
import { watchProgress } from './watch-progress.ts';
import { watchSession } from './watch-session.ts';

export type Engine = DebugSession['spec']['reasoner'];

export interface SessionRequest {
  readonly name: string;
  readonly order: SessionOrder;
  readonly mode: 'Diagnose' | 'Propose' | 'Fix';
  /** Causal without it. */
  readonly engine?: Engine;
}

/** Applies a DebugSession as the lab's author would, and follows it to its end. */
export async function runSession(open: OpenLab, request: SessionRequest, tell: OnRunEvent): Promise<DebugSession> {
  const { platform, signal } = open;
  const kubeconfig = platform.kubeconfigs.author;
  await platform.controlPlane.apply(yaml([sessionObject(open, request)]), { kubeconfig, signal });
  return followSession(open, request.name, tell);
}

/** Tells how a session goes until it has ended or waits for a person's decision. */
export async function followSession(open: OpenLab, name: string, tell: OnRunEvent): Promise<DebugSession> {
  const { platform, namespace, api, signal } = open;
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const kubeconfig = platform.kubeconfigs.author;
  const token = await platform.watcherToken(namespace);
  const watched = { namespace, name, signal: both };
  const progress = watchProgress({ ...watched, api, token }, (event) => tell({ kind: 'Progress', event }));
  try {
    return await watchSession(
      { ...watched, cluster: platform.controlPlane, kubeconfig },
      (session) => tell({ kind: 'Session', session }),
      hasEnded,
    );
  } finally {
    end.abort();
    await progress;
  }
}

function sessionObject(
  { names, namespace }: OpenLab,
  { name, order, mode, engine = 'Causal' }: SessionRequest,
): object {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'DebugSession',
    metadata: { name, namespace },
    spec: {
      topologyRef: { name: names[order.service] },
      symptom: { description: order.symptom },
      mode,
      reasoner: engine,
      trigger: { type: 'Manual' },
      createdBy: people.author,
    },
  };
}

/** Escalated is not an end, but nothing moves before a person has decided: its draft and its Approval are there. */
function hasEnded({ status }: DebugSession): boolean {
  switch (status?.phase) {
    case 'Succeeded':
    case 'Failed':
    case 'Cancelled':
      return true;
    case 'Escalated':
      return status.approvalRef !== undefined;
    default:
      return false;
  }
}
