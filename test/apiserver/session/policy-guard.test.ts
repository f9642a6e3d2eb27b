import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PolicyGuard } from '../../../controller/approval/policy-guard.ts';
import { requiredPolicies } from '../../../controller/approval/required-policies.ts';
import { systemClock, type Clock } from '../../../controller/kube/clock.ts';
import { Forbidden } from '../../../controller/kube/errors.ts';
import { until } from '../../lab/parts/process.ts';
import { forever, install, type Installed } from './installed.ts';

const folder = join(import.meta.dirname, '../../../crds/policies');
const shipped = ['approvals.yaml', 'debug-sessions.yaml'].map((file) => readFileSync(join(folder, file), 'utf8'));
const [first, decided] = requiredPolicies.map(({ name }) => name);

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
  const remove = (kind: string, name: string | undefined) => on.cluster.kubectl(['delete', kind, name ?? '']);
  const changed = (name: string | undefined, change: (spec: Record<string, unknown>) => object): object => {
    const policy = shippedOf('ValidatingAdmissionPolicy', name);
    return { ...policy, spec: change(policy.spec) };
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

  test('an expression that fails as it is judged, in a policy that lets through what it cannot judge', async () => {
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

  test('one that is late: it is there and does not bite yet', async () => {
    await remove('validatingadmissionpolicy', decided);
    await apply(shippedOf('ValidatingAdmissionPolicy', decided));
    expect(await guardOf(on.operator.client, systemClock).refusal(forever)).toContain('is too new to be relied on');
  });

  test('a policy that reads well and does not bite is found out by the dry run', async () => {
    // Its rule is as it must be, for another resource: what it was made for goes through.
    const policy = changed(first, (spec) => ({
      ...spec,
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['threehops.dev'], apiVersions: ['*'], operations: ['CREATE'], resources: ['evidences'] },
        ],
      },
    }));
    await apply(policy);
    const seen = await until('the change to count', async () => refusal());
    expect(seen).toContain('an Approval that is already decided can be created');
  });

  test('an operator that may not look does not act', async () => {
    await expect(guardOf(on.sam.client).refusal(forever)).rejects.toThrow(Forbidden);
  });
});
