import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionDigest, type Plan } from '../../../controller/actions/plan.ts';
import type { Approval, DebugSession } from '../../../controller/api/kinds.ts';
import { KubeEvidenceStore } from '../../../controller/session/stores/evidence-store.ts';
import { runBin } from '../../contracts/cli/bin.ts';
import { until } from '../../lab/parts/process.ts';
import {
  approvalsOf,
  forever,
  install,
  question,
  sessionDraft,
  sessionsOf,
  type As,
  type Installed,
} from '../session/installed.ts';

const plan: Plan = {
  action: 'aws-ecs.update-task-definition',
  class: 'Infra',
  node: 'shop/compute',
  topology: 'cli/shop',
  parameters: { memory: 1024 },
  signature: 'memory:increase',
  target: { identity: 'ecs:staging/shop', version: 'shop:7' },
  frozen: { memory: 1024 },
  edits: [],
  diff: '-memory: 512\n+memory: 1024\u001b[2J',
  affected: ['checkout', 'shop'],
  iteration: 1,
  bundleDigest: 'b'.repeat(64),
  frozenAt: '2026-01-01T00:00:00Z',
};

describe('deciding by the CLI', () => {
  let on: Installed;
  let made = 0;

  beforeAll(async () => {
    on = await install('cli');
    const reader = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'evidence', namespace: on.namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'threehops-evidence-reader' },
      subjects: [{ kind: 'User', name: 'riley', apiGroup: 'rbac.authorization.k8s.io' }],
    };
    await on.cluster.apply(`${JSON.stringify(reader)}\n`);
    const asked = ['auth', 'can-i', 'get', 'evidences.threehops.dev', '-n', on.namespace];
    await until('the role to count', async () =>
      (await on.cluster.kubectl(asked, { kubeconfig: on.riley.kubeconfig })).code === 0 ? true : undefined,
    );
  });
  afterAll(() => on.close());

  /** A session that waits for this plan to be decided; `stored` is what its evidence holds. */
  async function waiting(spec: Partial<Approval['spec']> = {}, stored = plan): Promise<Approval> {
    made += 1;
    const name = `session-${made}`;
    const session = await sessionsOf(on.dana).create(sessionDraft(on.namespace, name), forever);
    const contentDigest = await new KubeEvidenceStore(on.operator.client).save(session, 1, 'Plan', stored, forever);
    const { name: approvalName, uid } = session.metadata;
    const asked = question(on.namespace, `${name}-asks`, {
      sessionRef: { name: approvalName, uid },
      requester: 'dana',
      actionDigest: actionDigest(plan),
      ...spec,
    });
    const approval = await approvalsOf(on.operator).create(asked, forever);
    const { action, node, class: kind, diff } = plan;
    const status: DebugSession['status'] = {
      phase: 'AwaitingApproval',
      approvalRef: { name: approval.metadata.name, uid: approval.metadata.uid },
      plan: { actionDigest: actionDigest(plan), contentDigest, action, node, class: kind, diff, affected: ['shop'] },
      diagnosis: {
        rootCause: { node: 'shop/compute', kind: 'aws-ecs.OutOfMemory', summary: 'tasks die with exit code 137' },
        confidencePercent: 94,
        claims: [{ text: 'Its tasks were killed', findings: ['finding-1'] }],
      },
    };
    await sessionsOf(on.operator).replaceStatus({ ...session, status }, forever);
    return approval;
  }
  const run = (who: As, ...args: readonly string[]) =>
    runBin([...args, '-n', on.namespace, '--kubeconfig', who.kubeconfig]);
  const now = ({ metadata }: Approval) =>
    approvalsOf(on.admin).get({ namespace: metadata.namespace, name: metadata.name }, forever);

  test('the frozen act, its dry run, the evidence and who could suffer are shown; then it is approved in one’s own name', async () => {
    const approval = await waiting();
    const { code, stdout, stderr } = await run(on.riley, 'approve', approval.metadata.name, '--yes');
    expect([code, stderr]).toEqual([0, '']);
    for (const part of [
      'aws-ecs.update-task-definition at shop/compute (Infra)',
      '{"memory":1024}',
      'ecs:staging/shop, as it was at version shop:7',
      'checkout, shop',
      '  -memory: 512\n  +memory: 1024',
      'tasks die with exit code 137',
      'Its tasks were killed',
      'finding-1',
      approval.spec.actionDigest,
      `approval.threehops.dev/${approval.metadata.name} approved by riley`,
    ])
      expect(stdout.replaceAll(/\n {13}/g, '')).toContain(part);
    expect(stdout).not.toContain('\u001b');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect((await now(approval)).spec).toMatchObject({ decision: 'Approved', decidedBy: 'riley' });
  });

  test('a session’s name does as well, and the reason of a rejection is kept', async () => {
    const approval = await waiting();
    const { code } = await run(on.riley, 'reject', approval.spec.sessionRef.name, '--reason', 'not today', '--yes');
    expect(code).toBe(0);
    expect((await now(approval)).spec).toMatchObject({ decision: 'Rejected', decidedBy: 'riley', reason: 'not today' });
  });

  test('an Escalation is approved with so many iterations', async () => {
    const approval = await waiting({
      gate: 'Escalation',
      actionDigest: 'e'.repeat(64),
      summary: 'Nothing has helped.',
    });
    const { code, stdout } = await run(on.riley, 'approve', approval.metadata.name, '--iterations', '3', '-y');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing has helped.');
    expect((await now(approval)).spec).toMatchObject({ decision: 'Approved', grantIterations: 3 });
  });

  test('without a terminal and without --yes nothing is decided', async () => {
    const approval = await waiting();
    const { code, stderr } = await run(on.riley, 'approve', approval.metadata.name);
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect((await now(approval)).spec.decision).toBeUndefined();
  });

  test('who may not read evidence is shown the summary, and is told so', async () => {
    const approval = await waiting();
    const { code, stdout, stderr } = await run(on.robot, 'approve', approval.metadata.name, '--yes');
    expect(stdout).toContain('threehops-evidence-reader');
    expect(stdout).toContain('+memory: 1024');
    // It has the approvers' role, and is no person.
    expect(code).toBe(1);
    expect(stderr).toContain('approvals-are-decided-by-approvers.threehops.dev');
    expect((await now(approval)).spec.decision).toBeUndefined();
  });

  test('what is stored must be what is asked about: another plan is not approved unseen', async () => {
    const approval = await waiting({}, { ...plan, parameters: { memory: 2048 } });
    const { code, stderr } = await run(on.riley, 'approve', approval.metadata.name, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('is not what this Approval asks about');
    expect((await now(approval)).spec.decision).toBeUndefined();
  });

  test.each([
    [
      'one that is decided',
      async (approval: Approval) => void (await run(on.riley, 'approve', approval.metadata.name, '-y')),
      'was approved by riley',
    ],
    [
      'one that was withdrawn',
      async (approval: Approval) =>
        void (await approvalsOf(on.operator).replaceStatus({ ...approval, status: { state: 'Withdrawn' } }, forever)),
      'is withdrawn',
    ],
    [
      'one of a session that waits for it no more',
      async ({ spec }: Approval) => {
        const key = { namespace: on.namespace, name: spec.sessionRef.name };
        const session = await sessionsOf(on.admin).get(key, forever);
        await sessionsOf(on.operator).replaceStatus({ ...session, status: { phase: 'Sweeping' } }, forever);
      },
      'does not wait for it',
    ],
  ])('%s is not decided', async (_, before, said) => {
    const approval = await waiting();
    await before(approval);
    const { code, stderr } = await run(on.riley, 'approve', approval.metadata.name, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });

  test('nor is one that has expired, or that is not there', async () => {
    const approval = await waiting({ expiresAt: '2026-01-01T00:00:00Z' });
    expect((await run(on.riley, 'approve', approval.metadata.name, '-y')).stderr).toContain('expired at 2026-01-01');
    expect((await run(on.riley, 'approve', 'nobody', '-y')).stderr).toContain('there is neither an Approval nobody');
  });
});
