import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DebugSession } from '../../controller/api/kinds.ts';
import { fault } from '../lab/faults/cannot-fix.ts';
import { openLab, type OpenLab } from '../lab/host/open-lab.ts';
import { runSession } from '../lab/host/session.ts';
import { decide } from './decide.ts';

/** What no allowed action can mend: a person is asked, and what the person decides is what happens. */

const minute = 60_000;
let open: OpenLab;
beforeAll(async () => {
  open = await openLab(fault, { signal: new AbortController().signal, tell: () => undefined });
}, 5 * minute);
afterAll(() => open.close());

const name = 'asked';

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

    const granted = { session: name, decision: { decision: 'Approved', grantIterations: 2 } } as const;
    const resumed = await decide(open, granted, (session) => isAsking(session, 2));
    expect(resumed.status).toMatchObject({ iteration: 2, grantedIterations: 2, pullRequest: { draft: true } });
    expect(resumed.status?.approvalRef?.name).not.toBe(first?.name);

    const ended = { decision: 'Rejected', reason: 'the cache is being cleared by hand' } as const;
    const stopped = await decide(open, { session: name, decision: ended }, ({ status }) => status?.phase === 'Failed');
    expect(stopped.status).toMatchObject({ phase: 'Failed', outcome: 'Stopped' });

    const after = open.lab.forge.counters;
    expect(after).toMatchObject({ pullsCreated: before.pullsCreated + 1, mergesAttempted: 0 });
  },
  4 * minute,
);
