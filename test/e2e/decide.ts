import type { DebugSession } from '../../controller/api/kinds.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import { people } from '../lab/host/platform.ts';
import { watchSession } from '../lab/host/watch-session.ts';

export interface Question {
  readonly session: string;
  readonly decision: {
    readonly decision: 'Approved' | 'Rejected';
    readonly grantIterations?: number;
    readonly reason?: string;
  };
}

/** Decides a session's open question as the lab's approver would, and answers the session as soon as `isNext` holds of it. */
export async function decide(
  { platform, namespace }: OpenLab,
  { session, decision }: Question,
  isNext: (session: DebugSession) => boolean,
): Promise<DebugSession> {
  const { approver: kubeconfig, author } = platform.kubeconfigs;
  const get = ['get', 'debugsessions.threehops.dev', session, '--namespace', namespace];
  const question = ['--output', 'jsonpath={.status.approvalRef.name}'];
  const approval = (await platform.controlPlane.kubectl([...get, ...question], { kubeconfig })).stdout;
  const spec = { decidedBy: people.approver, ...decision };
  const patch = ['patch', 'approvals.threehops.dev', approval, '--namespace', namespace, '--type', 'merge'];
  await platform.controlPlane.kubectl([...patch, '--patch', JSON.stringify({ spec })], { kubeconfig });
  const watched = { namespace, name: session, signal: AbortSignal.timeout(60_000) };
  return watchSession({ ...watched, cluster: platform.controlPlane, kubeconfig: author }, () => undefined, isNext);
}
