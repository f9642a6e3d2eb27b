import type { DebugSession } from '../../controller/api/kinds.ts';
import { decideApproval, type Decision } from '../lab/host/approver.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import { watchSession } from '../lab/host/watch-session.ts';

export interface Question {
  readonly session: string;
  readonly decision: Decision;
}

/** Decides a session's open question as the lab's approver would, and answers the session as soon as `isNext` holds of it. */
export async function decide(
  open: OpenLab,
  { session, decision }: Question,
  isNext: (session: DebugSession) => boolean,
): Promise<DebugSession> {
  const { platform, namespace } = open;
  const { approver: kubeconfig, author } = platform.kubeconfigs;
  const get = ['get', 'debugsessions.threehops.dev', session, '--namespace', namespace];
  const question = ['--output', 'jsonpath={.status.approvalRef.name}'];
  const approval = (await platform.controlPlane.kubectl([...get, ...question], { kubeconfig })).stdout;
  await decideApproval(open, approval, decision);
  const watched = { namespace, name: session, signal: AbortSignal.timeout(60_000) };
  return watchSession({ ...watched, cluster: platform.controlPlane, kubeconfig: author }, () => undefined, isNext);
}
