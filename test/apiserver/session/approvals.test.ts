import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Approval } from '../../../controller/api/kinds.ts';
import {
  approvalsOf,
  forever,
  install,
  question,
  refusal,
  sessionDraft,
  sessionsOf,
  type As,
  type Installed,
} from './installed.ts';
import { until } from '../../lab/parts/process.ts';

const deciders = 'approvals-are-decided-by-approvers.threehops.dev';
const undecided = 'approvals-are-created-undecided.threehops.dev';
const requesters = 'sessions-name-their-requester.threehops.dev';
const granters = 'sessions-iterations-are-granted-by-approvers.threehops.dev';

describe('approvals cannot be forged', () => {
  let on: Installed;
  let asked = 0;

  beforeAll(async () => {
    on = await install('approvals');
    await until('the policies to bite', async () => {
      const decided = question(on.namespace, 'bites', { decision: 'Approved', decidedBy: 'riley' });
      const answer = approvalsOf(on.admin).create(decided, forever, { dryRun: true });
      return answer.then(
        () => undefined,
        () => true as const,
      );
    });
  });
  afterAll(() => on.close());

  /** A question as the operator opens it. */
  const ask = async (spec: Partial<Approval['spec']> = {}): Promise<Approval> => {
    asked += 1;
    return approvalsOf(on.operator).create(question(on.namespace, `question-${asked}`, spec), forever);
  };
  const decide = async (who: As, decidedBy: string, more: Partial<Approval['spec']> = {}): Promise<Approval> => {
    const approval = await ask();
    const spec = { ...approval.spec, decision: 'Approved' as const, decidedBy, ...more };
    return approvalsOf(who).replace({ ...approval, spec }, forever);
  };

  test('the rightful approver decides', async () => {
    const { spec } = await decide(on.riley, 'riley', { reason: 'it is fine' });
    expect(spec).toMatchObject({ decision: 'Approved', decidedBy: 'riley', reason: 'it is fine' });
  });

  test("the operator's own ServiceAccount may not decide", async () => {
    const name = 'system:serviceaccount:threehops-system:threehops';
    expect(await refusal(decide(on.operator, name))).toMatchObject({ status: 403 });
    expect(await refusal(decide(on.operator, 'riley'))).toMatchObject({ status: 403 });
  });

  test('a ServiceAccount may not decide, though it has the role', async () => {
    const answer = await refusal(decide(on.robot, `system:serviceaccount:${on.namespace}:robot`));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('a ServiceAccount may not decide') });
  });

  test('a user with update but without the verb approve may not', async () => {
    const answer = await refusal(decide(on.sam, 'sam'));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('the verb approve') });
    expect(answer.message).toContain(deciders);
  });

  test("nobody decides in somebody else's name", async () => {
    const answer = await refusal(decide(on.riley, 'dana'));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('decidedBy must be the name') });
  });

  test('not even a member of system:masters', async () => {
    expect(await refusal(decide(on.admin, 'riley'))).toMatchObject({ status: 403 });
  });

  test('whoever asked for the session may not, though he may approve others', async () => {
    const approval = await ask({ requester: 'riley' });
    const spec = { ...approval.spec, decision: 'Approved' as const, decidedBy: 'riley' };
    const answer = await refusal(approvalsOf(on.riley).replace({ ...approval, spec }, forever));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('whoever asked') });
  });

  test.each([
    ['decision', { decision: 'Rejected' }, 'a decision is never changed'],
    [
      'decision, taken away',
      { decision: undefined, decidedBy: undefined, reason: undefined },
      'a decision is never changed',
    ],
    ['reason', { reason: 'another' }, 'the reason of a decision is never changed'],
    ['digest', { actionDigest: 'b'.repeat(64) }, 'the question is immutable'],
  ] as const)('once decided, the %s stays', async (_, change, said) => {
    const decided = await decide(on.riley, 'riley', { reason: 'fine' });
    const spec = { ...decided.spec, ...change } as Approval['spec'];
    const answer = await refusal(approvalsOf(on.riley).replace({ ...decided, spec }, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(said) });
  });

  test.each([
    ['sessionRef', { sessionRef: { name: 'session', uid: 'another' } }],
    ['requester', { requester: 'sam' }],
    ['gate', { gate: 'Escalation' }],
    ['actionDigest', { actionDigest: 'b'.repeat(64) }],
    ['summary', { summary: 'Something harmless' }],
    ['risk', { risk: 'Low' }],
    ['expiresAt', { expiresAt: '2099-01-01T00:00:00Z' }],
  ] as const)('the question is immutable: %s', async (_, change) => {
    const approval = await ask();
    const spec = { ...approval.spec, ...change };
    const answer = await refusal(approvalsOf(on.riley).replace({ ...approval, spec }, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('the question is immutable') });
  });

  test.each([
    ['a decision without who decided', { decision: 'Approved' }, 'a decision names who decided'],
    ['who decided without a decision', { decidedBy: 'riley' }, 'a decision names who decided'],
    ['a reason without a decision', { reason: 'because' }, 'a reason goes with a decision'],
    ['iterations without a decision', { grantIterations: 3 }, 'iterations are granted only by'],
    [
      'iterations for what is no escalation',
      { decision: 'Approved', decidedBy: 'riley', grantIterations: 3 },
      'iterations are granted only by',
    ],
  ] as const)('%s is refused', async (_, change, said) => {
    const approval = await ask();
    const spec = { ...approval.spec, ...change };
    const answer = await refusal(approvalsOf(on.riley).replace({ ...approval, spec }, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(said) });
  });

  test('an Approval cannot be created decided, by anyone', async () => {
    const decided = question(on.namespace, 'born-decided', { decision: 'Approved', decidedBy: 'riley' });
    for (const who of [on.operator, on.sam, on.admin]) {
      const answer = await refusal(approvalsOf(who).create(decided, forever));
      expect(answer).toMatchObject({ status: 403, message: expect.stringContaining(undecided) });
    }
  });

  test('only the operator creates Approvals, of those who come with a role of ours', async () => {
    for (const who of [on.riley, on.robot]) {
      const answer = await refusal(approvalsOf(who).create(question(on.namespace, 'made-up'), forever));
      expect(answer).toMatchObject({ status: 403 });
    }
  });

  test('a forged status decides nothing: the spec stays undecided', async () => {
    const approval = await ask();
    const forged = { ...approval, status: { state: 'Consumed' as const, decidedBy: 'riley', decision: 'Approved' } };
    await approvalsOf(on.operator).replaceStatus(forged, forever);
    const { namespace, name } = approval.metadata;
    const now = await approvalsOf(on.admin).get({ namespace, name }, forever);
    expect(now.spec.decision).toBeUndefined();
    expect(now.status).toEqual({ state: 'Consumed' });
  });

  test('the operator can touch neither an Approval’s spec nor the admission policies', async () => {
    const may = async (verb: string, what: string) =>
      (
        await on.cluster.kubectl(['auth', 'can-i', verb, what, '-n', on.namespace], {
          kubeconfig: on.operator.kubeconfig,
        })
      ).stdout.trim();
    for (const verb of ['update', 'patch', 'delete']) {
      expect(await may(verb, 'approvals.threehops.dev')).toBe('no');
      expect(await may(verb, 'validatingadmissionpolicies.admissionregistration.k8s.io')).toBe('no');
      expect(await may(verb, 'validatingadmissionpolicybindings.admissionregistration.k8s.io')).toBe('no');
    }
    expect(await may('approve', 'approvals.threehops.dev')).toBe('no');
    expect(await may('create', 'debugsessions.threehops.dev')).toBe('no');
    expect(await may('list', 'secrets')).toBe('no');
  });

  describe('the requester of a session', () => {
    test.each([
      ['somebody else', 'riley'],
      ['nobody', undefined],
    ])('cannot be %s', async (_, createdBy) => {
      const draft = sessionDraft(on.namespace, 'forged', { createdBy } as { createdBy: string });
      const answer = await refusal(sessionsOf(on.dana).create(draft, forever));
      expect(answer).toMatchObject({ status: 403, message: expect.stringContaining(requesters) });
    });

    test('is who creates it, and stays', async () => {
      const session = await sessionsOf(on.dana).create(sessionDraft(on.namespace, 'asked'), forever);
      const spec = { ...session.spec, createdBy: 'sam' };
      const answer = await refusal(sessionsOf(on.dana).replace({ ...session, spec }, forever));
      expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('createdBy is immutable') });
    });
  });

  describe('more iterations', () => {
    test('are granted by an approver, not by the requester, a mere editor or the operator', async () => {
      const session = await sessionsOf(on.dana).create(sessionDraft(on.namespace, 'granted'), forever);
      const key = { namespace: on.namespace, name: 'granted' };
      const patch = { type: 'merge', body: { spec: { grantIterations: 3 } } } as const;
      for (const who of [on.dana, on.sam, on.operator]) {
        const answer = await refusal(sessionsOf(who).patch(key, patch, forever));
        expect(answer).toMatchObject({ status: 403, message: expect.stringContaining(granters) });
      }
      const { spec } = await sessionsOf(on.riley).patch(key, patch, forever);
      expect(spec.grantIterations).toBe(session.spec.grantIterations + 3);
    });
  });
});
