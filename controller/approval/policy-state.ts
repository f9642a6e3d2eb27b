import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import type { RequiredPolicy } from './required-policies.ts';

/** Which objects something is for; more than `resourceRules` makes it for fewer. */
interface Match {
  readonly namespaceSelector?: object;
  readonly objectSelector?: object;
  readonly excludeResourceRules?: readonly unknown[];
  readonly resourceRules?: readonly unknown[];
}

export interface Policy extends KubeObject {
  readonly spec?: {
    readonly failurePolicy?: string;
    readonly matchConstraints?: Match;
    readonly matchConditions?: readonly { readonly expression?: string }[];
    readonly validations?: readonly { readonly expression?: string }[];
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
  };
}

export interface PolicyBinding extends KubeObject {
  readonly spec?: {
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchResources?: Match;
  };
}

const group = 'admissionregistration.k8s.io';
export const policies = resource<Policy>(
  group,
  'v1',
  'validatingadmissionpolicies',
  'ValidatingAdmissionPolicy',
  'Cluster',
);
export const bindings = resource<PolicyBinding>(
  group,
  'v1',
  'validatingadmissionpolicybindings',
  'ValidatingAdmissionPolicyBinding',
  'Cluster',
);

/** An API server enforces what is new after about half a second. */
const settleMs = 5000;

/**
 * What keeps a policy from being relied on; undefined when nothing does. The generation is observed by kube-controller-manager; without
 * one (a bare API server) it is not judged.
 */
export function policyProblem(policy: Policy, required: RequiredPolicy, now: Date): string | undefined {
  return misunderstood(policy) ?? weakened(policy.spec ?? {}, required) ?? tooNew(policy, now);
}

function misunderstood({ status = {}, metadata }: Policy): string | undefined {
  const { observedGeneration, typeChecking } = status;
  if (observedGeneration !== undefined && observedGeneration < (metadata?.generation ?? 0)) {
    return 'is not yet observed';
  }
  return (typeChecking?.expressionWarnings ?? []).length > 0 ? 'does not pass type checking' : undefined;
}

function weakened(spec: NonNullable<Policy['spec']>, required: RequiredPolicy): string | undefined {
  if (spec.failurePolicy !== 'Fail') return 'lets through what it cannot judge (failurePolicy is not Fail)';
  const rules = new Set((spec.validations ?? []).map(({ expression = '' }) => plain(expression)));
  const missing = required.expressions.find((expression) => !rules.has(plain(expression)));
  if (missing !== undefined) return `lacks the rule ${missing}`;
  const when = new Set(required.conditions.map(plain));
  const other = (spec.matchConditions ?? []).find(({ expression = '' }) => !when.has(plain(expression)));
  if (other !== undefined) return `is limited by the condition ${other.expression ?? ''}`;
  return isNarrow(spec.matchConstraints) ? 'is not for every object' : undefined;
}

/** The same for what puts the policy into force. */
export function bindingProblem(binding: PolicyBinding, name: string, now: Date): string | undefined {
  const { policyName, validationActions = [], matchResources } = binding.spec ?? {};
  if (policyName !== name) return `binds ${policyName ?? 'nothing'}`;
  if (!validationActions.includes('Deny')) return 'does not deny';
  const narrow = isNarrow(matchResources) || (matchResources?.resourceRules ?? []).length > 0;
  return narrow ? 'does not bind it everywhere' : tooNew(binding, now);
}

function isNarrow({ namespaceSelector = {}, objectSelector = {}, excludeResourceRules = [] }: Match = {}): boolean {
  const selects = [namespaceSelector, objectSelector].some((selector) => Object.keys(selector).length > 0);
  return selects || excludeResourceRules.length > 0;
}

function tooNew({ metadata }: KubeObject, now: Date): string | undefined {
  const age = now.getTime() - Date.parse(metadata?.creationTimestamp ?? '');
  return age < settleMs ? 'is too new to be relied on' : undefined;
}

function plain(expression: string): string {
  return expression.replaceAll(/\s+/g, '');
}
