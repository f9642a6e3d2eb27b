import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Approval, DebugSession } from '../../../controller/api/kinds.ts';
import { digestOf } from '../../../controller/evidence/canonical.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import { childName } from '../../../controller/session/child-name.ts';
import { until } from '../../lab/parts/process.ts';
import {
  approvalsOf,
  configOf,
  forever,
  mapsOf,
  question,
  refusal,
  sessionDraft,
  sessionsOf,
  type As,
} from '../session/installed.ts';
import { startRecorder, type Recorder } from './recorder.ts';
import { page, reachable, twoTenants, type Tenants } from './tenants.ts';

let tenants: Tenants;
let site: Recorder;
/** An approver who asked for nothing. */
let quinn: As;

beforeAll(async () => {
  tenants = await twoTenants('forged');
  site = await startRecorder(reachable);
  const kubeconfig = await tenants.on.cluster.addUser('quinn');
  const group = 'rbac.authorization.k8s.io';
  await tenants.on.cluster.apply(
    `${JSON.stringify({
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'quinn', namespace: tenants.victim },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'threehops-approver' },
      subjects: [{ kind: 'User', name: 'quinn', apiGroup: group }],
    })}\n`,
  );
  quinn = { kubeconfig, client: new KubeClient(configOf(kubeconfig)) };
});
afterAll(async () => {
  await tenants.close();
  await quinn.client.close();
  await site.stop();
});

/** A session of riley's, who may approve others, that nothing allowed can help: it will ask a person. Held back until it is let go. */
async function heldBack(name: string): Promise<DebugSession> {
  const { on, victim } = tenants;
  const broken = page('broken', `${site.url}/x`, {
    with: { url: 'http://127.0.0.2:1/', samples: 2, intervalMs: 50, timeoutMs: 500 },
  });
  const soon = { stabilizationSeconds: 1, maxErrorsPerMillion: 10_000 };
  const spec = { service: name, self: [broken], upstream: [page('caller', `${site.url}/caller`)], verify: soon };
  await mapsOf(on.dana).create({ metadata: { namespace: victim, name }, spec }, forever);
  const asked = { topologyRef: { name }, mode: 'Fix', createdBy: 'riley', suspend: true } as const;
  return sessionsOf(on.riley).create(sessionDraft(victim, name, asked), forever);
}

/** The question that the operator is going to ask: its name and its digest are known to whoever reads the code. */
function foreseen(session: DebugSession): { readonly name: string; readonly actionDigest: string } {
  const actionDigest = digestOf({ uid: session.metadata.uid, iteration: 1, escalation: true });
  return { name: childName(session, `-1-escalation-${actionDigest.slice(0, 8)}`), actionDigest };
}

const letGo = ({ metadata: { namespace, name } }: DebugSession) =>
  sessionsOf(tenants.on.riley).patch(
    { namespace, name },
    { type: 'merge', body: { spec: { suspend: false } } },
    forever,
  );

const statusOf = async ({ metadata: { namespace, name } }: DebugSession) =>
  (await sessionsOf(tenants.on.admin).get({ namespace, name }, forever)).status ?? {};

const asked = async (session: DebugSession) => {
  const ref = async () => (await statusOf(session)).approvalRef;
  return until('its question', ref, 45_000).catch(async (cause: unknown) => {
    const { phase, outcome, conditions } = await statusOf(session);
    throw new Error(`no question: ${phase} ${outcome} ${JSON.stringify(conditions)}`, { cause });
  });
};

const decide = (who: As, approval: Approval, decidedBy: string, grantIterations: number) => {
  const spec = { ...approval.spec, decision: 'Approved' as const, decidedBy, grantIterations };
  return approvalsOf(who).replace({ ...approval, spec }, forever);
};

const read = (name: string) => approvalsOf(tenants.on.admin).get({ namespace: tenants.victim, name }, forever);

test('an Approval created by hand: an author may not', async () => {
  const answer = await refusal(approvalsOf(tenants.mallory).create(question(tenants.attacker, 'by-hand'), forever));
  expect(answer).toMatchObject({ status: 403 });
});

test('an Approval created by hand, with a matching digest, by one who was given the right: it is not taken for the own one', async () => {
  const { on, victim } = tenants;
  const session = await heldBack('forged');
  const { name, actionDigest } = foreseen(session);
  const sessionRef = { name: 'forged', uid: session.metadata.uid };
  // sam has a Role that lets him create; with another requester in it riley may decide on his own session, as far as admission goes.
  const draft = question(victim, name, {
    sessionRef,
    actionDigest,
    gate: 'Escalation',
    requester: 'nobody',
    risk: 'Low',
  });
  const forged = await decide(on.riley, await approvalsOf(on.sam).create(draft, forever), 'riley', 5);
  expect(forged.spec).toMatchObject({ decision: 'Approved', decidedBy: 'riley' });
  await letGo(session);
  const ref = await asked(session);
  expect(ref.uid).not.toBe(forged.metadata.uid);
  const own = await read(ref.name ?? '');
  expect(own.spec).toMatchObject({ requester: 'riley', actionDigest, gate: 'Escalation' });
  expect(own.spec.decision).toBeUndefined();
  // On the own one the requester is held back by admission, and the forged decision grants nothing.
  expect(await refusal(decide(on.riley, own, 'riley', 5))).toMatchObject({ status: 403 });
  const { stdout } = await on.cluster.kubectl(['get', 'events', '-n', victim, '-o', 'json']);
  expect(stdout).toContain('ApprovalNameTaken');
  const before = await statusOf(session);
  expect(before).toMatchObject({ phase: 'Escalated' });
  expect(before.grantedIterations ?? 0).toBe(0);
  // The rightful decision on the own question counts.
  await decide(quinn, await read(ref.name ?? ''), 'quinn', 2);
  const granted = await until(
    'the grant',
    async () => (await statusOf(session)).grantedIterations || undefined,
    30_000,
  );
  expect(granted).toBe(2);
});

test('without a forger the question has the name that was foreseen', async () => {
  const session = await heldBack('honest');
  await letGo(session);
  expect((await asked(session)).name).toBe(foreseen(session).name);
});
