import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import {
  bindingProblem,
  policyProblem,
  type Policy,
  type PolicyBinding,
} from '../../../controller/approval/policy-state.ts';
import { requiredPolicies } from '../../../controller/approval/required-policies.ts';

const shipped = ['approvals', 'debug-sessions', 'service-topologies'].flatMap(
  (file) => loadAll(readFileSync(new URL(`../../../crds/policies/${file}.yaml`, import.meta.url), 'utf8')) as Policy[],
);
const now = new Date('2026-01-01T12:00:00Z');
const created = { creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 };

function shippedOf(kind: string, name: string): Policy & PolicyBinding {
  const found = shipped.find((object) => object.kind === kind && object.metadata?.name === name);
  if (found === undefined) throw new Error(`crds/policies has no ${kind} ${name}`);
  // Both kinds are plain objects of the fields that the checks read.
  return { ...found, metadata: { ...found.metadata, ...created } } as Policy & PolicyBinding;
}

describe('the admission policies that acts rest on', () => {
  test('are all of crds/policies', () => {
    const names = shipped
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
      .map(({ metadata }) => metadata?.name);
    expect(names).toEqual(requiredPolicies.map(({ name }) => name));
  });

  test.each(requiredPolicies)('$name: as it is shipped nothing is wrong with it', (required) => {
    expect(policyProblem(shippedOf('ValidatingAdmissionPolicy', required.name), required, now)).toBeUndefined();
    const binding = shippedOf('ValidatingAdmissionPolicyBinding', required.name);
    expect(bindingProblem(binding, required.name, now)).toBeUndefined();
  });

  test.each(requiredPolicies)('$name: without any one of its rules it is refused', (required) => {
    const policy = shippedOf('ValidatingAdmissionPolicy', required.name);
    for (const expression of required.expressions) {
      const squeezed = (text = '') => text.replaceAll(/\s/g, '');
      const validations = (policy.spec?.validations ?? []).filter(
        (rule) => squeezed(rule.expression) !== squeezed(expression),
      );
      const weaker = { ...policy, spec: { ...policy.spec, validations } };
      expect(policyProblem(weaker, required, now)).toContain('lacks the rule');
    }
  });

  const [required] = requiredPolicies;
  if (required === undefined) throw new Error('no policy is required');
  const policy = shippedOf('ValidatingAdmissionPolicy', required.name);
  const binding = shippedOf('ValidatingAdmissionPolicyBinding', required.name);

  test.each([
    ['not observed', { status: { observedGeneration: 0 } }, 'is not yet observed'],
    ['ill typed', { status: { typeChecking: { expressionWarnings: [{}] } } }, 'does not pass type checking'],
    ['forgiving', { spec: { ...policy.spec, failurePolicy: 'Ignore' } }, 'lets through'],
    ['conditional', { spec: { ...policy.spec, matchConditions: [{ expression: 'false' }] } }, 'is limited by'],
    [
      'for some objects',
      { spec: { ...policy.spec, matchConstraints: { objectSelector: { matchLabels: { a: 'b' } } } } },
      'is not for every object',
    ],
    ['new', { metadata: { ...created, creationTimestamp: '2026-01-01T11:59:58Z' } }, 'is too new'],
  ])('a policy that is %s is refused', (_, change, said) => {
    expect(policyProblem({ ...policy, ...change }, required, now)).toContain(said);
  });

  test.each([
    ['of another policy', { policyName: 'another' }, 'binds another'],
    ['that only warns', { validationActions: ['Warn'] }, 'does not deny'],
    ['for some namespaces', { matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } } }, 'everywhere'],
    ['for some objects', { matchResources: { objectSelector: { matchLabels: { a: 'b' } } } }, 'everywhere'],
    ['with exceptions', { matchResources: { excludeResourceRules: [{}] } }, 'everywhere'],
  ])('a binding %s is refused', (_, change, said) => {
    expect(bindingProblem({ ...binding, spec: { ...binding.spec, ...change } }, required.name, now)).toContain(said);
  });
});
