import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PolicyGuard } from '../../../controller/approval/policy-guard.ts';
import { requiredPolicies } from '../../../controller/approval/required-policies.ts';
import { systemClock, type Clock } from '../../../controller/kube/clock.ts';
import { Forbidden } from '../../../controller/kube/errors.ts';
import { applyObject } from '../../../controller/kube/server-side-apply.ts';
import { until } from '../../lab/parts/process.ts';
import { forever, install, refusal as refused, sessionDraft, sessionsOf, type Installed } from './installed.ts';

const folder = join(import.meta.dirname, '../../../crds/policies');
const shipped = ['approvals.yaml', 'debug-sessions.yaml', 'service-topologies.yaml'].map((file) =>
  readFileSync(join(folder, file), 'utf8'),
);
const access = join(import.meta.dirname, '../../../manifests/base/access');
const [first, decided] = requiredPolicies.map(({ name }) => name);
const requester = 'sessions-name-their-requester.threehops.dev';
const probe = 'threehops-policy-probe';
/** Of somebody else's policy. */
const stranger = 'sessions-are-never-created.example.com';
const operatorsName = 'system:serviceaccount:threehops-system:threehops';

interface Typed {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

/** For whom everything that is here now has been here for long. */
const later: Clock = { ...systemClock, now: () => new Date(Date.now() + 60_000) };

describe('the check before each act that approvals are enforced', () => {
  let on: Installed;
  const guardOf = (client: Installed['operator']['client'], clock = later) =>
    new PolicyGuard({ client, clock, namespace: 'threehops-system' });
  const refusal = () => guardOf(on.operator.client).refusal(forever);

  const restore = async (): Promise<void> => {
    for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy']) await remove(kind, stranger);
    await remove('debugsession', probe, 'threehops-system');
    await on.cluster.apply(access);
    await on.cluster.apply(shipped.join('---\n'));
    await until('the policies to bite', async () => ((await refusal()) === undefined ? true : undefined));
  };

  beforeAll(async () => {
    on = await install('policy-guard');
    await restore();
  });
  afterEach(restore);
  afterAll(() => on.close());

  const shippedOf = (kind: string, name: string | undefined): Typed => {
    const all = shipped.flatMap((text) => loadAll(text) as Typed[]);
    const found = all.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  const apply = async (object: object): Promise<void> => {
    await on.cluster.apply(`${JSON.stringify(object)}\n`);
  };
  const remove = (kind: string, name: string | undefined, namespace = 'default') =>
    on.cluster.kubectl(['delete', kind, name ?? '', '--namespace', namespace, '--ignore-not-found']);
  const changed = (name: string | undefined, change: (spec: Record<string, unknown>) => object): object => {
    const policy = shippedOf('ValidatingAdmissionPolicy', name);
    return { ...policy, spec: change(policy.spec) };
  };

  /** Its rules are as they must be: what it was made for goes through all the same. */
  const forAnotherResource = (name: string | undefined) => {
    const rule = { apiGroups: ['threehops.dev'], apiVersions: ['*'], operations: ['CREATE'], resources: ['evidences'] };
    return changed(name, (spec) => ({ ...spec, matchConstraints: { resourceRules: [rule] } }));
  };

  test('as installed nothing is refused', async () => {
    expect(await refusal()).toBeUndefined();
  });

  test('each policy: when it is missing nothing is done', async () => {
    for (const { name } of requiredPolicies) {
      await remove('validatingadmissionpolicy', name);
      expect(await refusal()).toBe(`the admission policy ${name} is missing`);
      await restore();
    }
  });

  test('each binding: when it is missing nothing is done', async () => {
    for (const { name } of requiredPolicies) {
      await remove('validatingadmissionpolicybinding', name);
      expect(await refusal()).toBe(`the binding of the admission policy ${name} is missing`);
      await restore();
    }
  });

  test('a policy that failed to compile, binding present, which lets everything through: nothing is done', async () => {
    const broken = [{ expression: 'object.spec.noSuchField == "x"', message: 'broken' }];
    await apply(changed(first, (spec) => ({ ...spec, failurePolicy: 'Ignore', validations: broken })));
    expect(await refusal()).toContain('lets through what it cannot judge');
  });

  test('rules that were exchanged for harmless ones', async () => {
    await apply(changed(decided, (spec) => ({ ...spec, validations: [{ expression: 'true' }] })));
    expect(await refusal()).toContain(`the admission policy ${decided} lacks the rule`);
  });

  test('a condition that it never meets', async () => {
    const never = [{ name: 'never', expression: 'false' }];
    await apply(changed(first, (spec) => ({ ...spec, matchConditions: never })));
    expect(await refusal()).toContain(`the admission policy ${first} is limited by the condition false`);
  });

  test('a binding that only warns, or is for other namespaces', async () => {
    const binding = shippedOf('ValidatingAdmissionPolicyBinding', decided);
    await apply({ ...binding, spec: { ...binding.spec, validationActions: ['Warn'] } });
    expect(await refusal()).toContain('does not deny');
    const elsewhere = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } } };
    await apply({ ...binding, spec: { ...binding.spec, matchResources: elsewhere } });
    expect(await refusal()).toContain('does not bind it everywhere');
  });

  test('a new policy bites after about 0.5 s: until then nothing is done', async () => {
    await remove('validatingadmissionpolicy', decided);
    await apply(shippedOf('ValidatingAdmissionPolicy', decided));
    expect(await guardOf(on.operator.client, systemClock).refusal(forever)).toContain('is too new to be relied on');
  });

  test.each([
    [first, 'an Approval that is already decided can be created'],
    [requester, "a DebugSession in somebody else's name (threehops-system/threehops-policy-probe) can be created"],
  ])('%s: when it reads well and does not bite, the dry run finds it out', async (name, said) => {
    await apply(forAnotherResource(name));
    const seen = await until('the change to count', async () => refusal());
    expect(seen).toBe(`${said}: the admission policy ${name} does not bite`);
  });

  test('a denial by RBAC is no proof: without the right to try, nothing is done', async () => {
    await remove('rolebinding', probe, 'threehops-system');
    const seen = await until('the right to be gone', async () => refusal());
    expect(seen).toContain(`the probe of the admission policy ${requester} was refused by something else`);
  });

  test('a denial by another policy is none either, though it quotes the name', async () => {
    const metadata = { name: stranger };
    const validations = [{ expression: 'false', message: `not '${requester}'` }];
    const { spec, ...policy } = shippedOf('ValidatingAdmissionPolicy', requester);
    await apply({ ...policy, metadata, spec: { ...spec, validations } });
    const binding = shippedOf('ValidatingAdmissionPolicyBinding', requester);
    await apply({ ...binding, metadata, spec: { policyName: metadata.name, validationActions: ['Deny'] } });
    await apply(forAnotherResource(requester));
    const seen = await until('only the other to deny', async () => {
      const said = await refusal();
      return said?.includes(metadata.name) === true ? said : undefined;
    });
    expect(seen).toContain(`the probe of the admission policy ${requester} was refused by something else`);
  });

  test('a session that has the name of the dry run stands in its way, and is named', async () => {
    const key = { namespace: 'threehops-system', name: probe };
    const sessions = sessionsOf(on.admin);
    await sessions.create(sessionDraft(key.namespace, key.name, { createdBy: 'admin' }), forever);
    expect(await refusal()).toContain(probe);
  });

  test('the dry runs leave nothing behind', async () => {
    expect(await refusal()).toBeUndefined();
    const { items } = await sessionsOf(on.admin).list({ namespace: 'threehops-system' }, forever);
    expect(items).toEqual([]);
  });

  describe('for its dry run the operator may create one session by name, by server-side apply', () => {
    const apply = (namespace: string, name: string) =>
      applyObject(sessionsOf(on.operator), sessionDraft(namespace, name, { createdBy: operatorsName }), forever, {
        fieldManager: 'test',
        dryRun: true,
      });
    const create = (namespace: string, name: string) =>
      sessionsOf(on.operator).create(sessionDraft(namespace, name, { createdBy: operatorsName }), forever, {
        dryRun: true,
      });

    test('that one it may', async () => {
      expect((await apply('threehops-system', probe)).spec.createdBy).toBe(operatorsName);
    });

    test.each([
      ['apply one of another name', () => apply('threehops-system', 'another')],
      ['apply it elsewhere', () => apply(on.namespace, probe)],
      ['create it', () => create('threehops-system', probe)],
      ['create one elsewhere', () => create(on.namespace, 'another')],
    ])('it may not %s', async (_, attempt) => {
      const answer = await refused(attempt());
      expect(answer).toMatchObject({ status: 403, message: expect.stringContaining('cannot create resource') });
    });
  });

  test('an operator that may not look does not act', async () => {
    await expect(guardOf(on.sam.client).refusal(forever)).rejects.toThrow(Forbidden);
  });
});
