import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DebugSession } from '../../controller/api/kinds.ts';
import { fault } from '../lab/faults/cannot-fix.ts';
import { openLab, type OpenLab } from '../lab/host/open-lab.ts';
import { people } from '../lab/host/platform.ts';
import { runSession } from '../lab/host/session.ts';
import { watchSession } from '../lab/host/watch-session.ts';

/** What no allowed action can mend: a person is asked, and what the person decides is what happens. */

const minute = 60_000;
let open: OpenLab;
beforeAll(async () => {
  open = await openLab(fault, { signal: new AbortController().signal, tell: () => undefined });
}, 5 * minute);
afterAll(() => open.close());

const name = 'asked';

/** Decides the open question as the lab's approver would, and answers the session as soon as `isNext` holds of it. */
async function decide(decision: object, isNext: (session: DebugSession) => boolean): Promise<DebugSession> {
  const { platform, namespace } = open;
  const { approver: kubeconfig } = platform.kubeconfigs;
  const get = ['get', 'debugsessions.threehops.dev', name, '--namespace', namespace];
  const question = ['--output', 'jsonpath={.status.approvalRef.name}'];
  const approval = (await platform.controlPlane.kubectl([...get, ...question], { kubeconfig })).stdout;
  const spec = { decidedBy: people.approver, ...decision };
  const patch = ['patch', 'approvals.threehops.dev', approval, '--namespace', namespace, '--type', 'merge'];
  await platform.controlPlane.kubectl([...patch, '--patch', JSON.stringify({ spec })], { kubeconfig });
  const watched = { namespace, name, signal: AbortSignal.timeout(minute) };
  const access = { cluster: platform.controlPlane, kubeconfig: platform.kubeconfigs.author };
  return watchSession({ ...watched, ...access }, () => undefined, isNext);
}

function isAsking({ status }: DebugSession, iteration: number): boolean {
  return status?.phase === 'Escalated' && status.iteration === iteration && status.approvalRef !== undefined;
}

it(
  'granted iterations resume it, and stopping ends it',
  async () => {
    const before = open.lab.forge.counters;
    const asked = await runSession(open, { name, order: fault.session, mode: 'Fix' }, () => undefined);
    const first = asked.status?.approvalRef;
    expect(asked.status).toMatchObject({
      phase: 'Escalated',
      iteration: 1,
      pullRequest: { draft: true },
      diagnosis: { rootCause: { node: fault.expected.causes(open.names)[0]?.node } },
    });

    const resumed = await decide({ decision: 'Approved', grantIterations: 2 }, (session) => isAsking(session, 2));
    expect(resumed.status).toMatchObject({ iteration: 2, grantedIterations: 2, pullRequest: { draft: true } });
    expect(resumed.status?.approvalRef?.name).not.toBe(first?.name);

    const stopped = await decide(
      { decision: 'Rejected', reason: 'the cache is being cleared by hand' },
      ({ status }) => status?.phase === 'Failed',
    );
    expect(stopped.status).toMatchObject({ phase: 'Failed', outcome: 'Stopped' });

    const after = open.lab.forge.counters;
    expect(after).toMatchObject({ pullsCreated: before.pullsCreated + 1, mergesAttempted: 0 });
  },
  4 * minute,
);
