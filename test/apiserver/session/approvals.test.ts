import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '../../../controller/kube/object.ts';
import type { Approval, ServiceTopology } from '../../../controller/api/kinds.ts';
import {
  approvalsOf,
  forever,
  install,
  question,
  refusal,
  sessionDraft,
  sessionsOf,
  mapsOf,
  type As,
  type Installed,
} from './installed.ts';
import { until } from '../../lab/parts/process.ts';

const deciders = 'approvals-are-decided-by-approvers.threehops.dev';
const undecided = 'approvals-are-created-undecided.threehops.dev';
const requesters = 'sessions-name-their-requester.threehops.dev';
const lowerOnly = 'topologies-are-of-lower-environments.threehops.dev';
const granters = 'sessions-iterations-are-granted-by-approvers.threehops.dev';

describe('attempts to forge an Approval', () => {
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

  test('the rightful approver: accepted', async () => {
    const { spec } = await decide(on.riley, 'riley', { reason: 'it is fine' });
    expect(spec).toMatchObject({ decision: 'Approved', decidedBy: 'riley', reason: 'it is fine' });
  });

  test("the controller's ServiceAccount decides: 403", async () => {
    const name = 'system:serviceaccount:threehops-system:threehops';
    expect(await refusal(decide(on.operator, name))).toMatchObject({ status: 403 });
    expect(await refusal(decide(on.operator, 'riley'))).toMatchObject({ status: 403 });
  });

  test('another ServiceAccount decides, which has the role: 403', async () => {
    const answer = await refusal(decide(on.robot, `system:serviceaccount:${on.namespace}:robot`));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('a ServiceAccount may not decide') });
  });

  test('a user with update but without the virtual verb approve: 403', async () => {
    const answer = await refusal(decide(on.sam, 'sam'));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('the verb approve') });
    expect(answer.message).toContain(deciders);
  });

  test("somebody else's name in decidedBy: 403", async () => {
    const answer = await refusal(decide(on.riley, 'dana'));
    expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('decidedBy must be the name') });
  });

  test('system:masters without its name: 403', async () => {
    expect(await refusal(decide(on.admin, 'riley'))).toMatchObject({ status: 403 });
  });

  test('whoever asked for the session, though he may approve others: 403', async () => {
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
  ] as const)('changing a decision or the digest: 422: %s', async (_, change, said) => {
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
  ] as const)('changing the question: 422: %s', async (_, change) => {
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

  test('created already approved, by anyone: 403', async () => {
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

  test('forging status.decidedBy succeeds, and decides nothing: the decision is read from spec only', async () => {
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

  describe('a map of production', () => {
    const draft = (environment: object) =>
      ({
        apiVersion: 'threehops.dev/v1alpha1',
        kind: 'ServiceTopology',
        metadata: { name: 'map', namespace: on.namespace },
        spec: { service: 'shop', environment },
      }) as Draft<ServiceTopology>;
    const create = (environment: object) => mapsOf(on.dana).create(draft(environment), forever, { dryRun: true });

    test('has no value for its tier: 422', async () => {
      const answer = await refusal(create({ name: 'shop', tier: 'Production' }));
      expect(answer).toMatchObject({
        status: 422,
        message: expect.stringContaining('Unsupported value: "Production"'),
      });
    });

    test.each(['production', 'prod', 'Prod-EU', 'eu-prod', 'prd', 'prod2'])('named %s: 403', async (name) => {
      const answer = await refusal(create({ name, tier: 'Staging' }));
      expect(answer).toMatchObject({ status: 403, message: expect.stringContaining(lowerOnly) });
    });

    test.each(['staging', 'pre-prod', 'preprod', 'non-production', 'notprod', 'products-test', 'reproduction'])(
      'is not one that is named %s',
      async (name) => {
        expect((await create({ name, tier: 'Staging' })).spec.environment?.name).toBe(name);
      },
    );
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

  describe('the roles for people', () => {
    test('viewers come with view by aggregation; authors, approvers and readers of evidence are named', async () => {
      const { stdout } = await on.cluster.kubectl(['get', 'clusterroles', '-o', 'json']);
      const { items } = JSON.parse(stdout) as { items: { metadata: { name: string; labels?: object } }[] };
      const ours = items.filter(({ metadata }) => metadata.name.startsWith('threehops-'));
      const labels = Object.fromEntries(ours.map(({ metadata }) => [metadata.name, metadata.labels]));
      expect(labels).toMatchObject({
        'threehops-viewer': { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
      });
      const named = ['author', 'approver', 'evidence-reader', 'operator', 'alert-receiver', 'alert-sender'];
      for (const role of named.map((name) => `threehops-${name}`)) {
        expect(Object.keys(labels)).toContain(role);
        const aggregated = Object.keys(labels[role] ?? {}).filter((label) => label.includes('aggregate'));
        expect(aggregated, `${role} is aggregated`).toEqual([]);
      }
    });

    test.each([
      ['dana', 'create', 'debugsessions', 'yes'],
      ['dana', 'create', 'servicetopologies', 'yes'],
      ['dana', 'approve', 'approvals', 'no'],
      ['riley', 'approve', 'approvals', 'yes'],
      ['riley', 'create', 'approvals', 'no'],
      ['riley', 'delete', 'approvals', 'no'],
      ['riley', 'get', 'evidences', 'no'],
    ] as const)('%s may %s %s: %s', async (who, verb, what, answer) => {
      const asked = ['auth', 'can-i', verb, `${what}.threehops.dev`, '-n', on.namespace];
      const { stdout } = await on.cluster.kubectl(asked, { kubeconfig: on[who].kubeconfig });
      expect(stdout.trim()).toBe(answer);
    });
  });
});
