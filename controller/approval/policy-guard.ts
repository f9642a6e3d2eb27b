import { approvalResource } from '../api/generated/approval.ts';
import type { Approval } from '../api/kinds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { ApiError, NotFound } from '../kube/errors.ts';
import type { Draft, KubeObject } from '../kube/object.ts';
import type { ResourceClient } from '../kube/resource-client.ts';
import { bindingProblem, bindings, policies, policyProblem } from './policy-state.ts';
import { probedPolicy, requiredPolicies, type RequiredPolicy } from './required-policies.ts';

const probeExpiresMs = 10_000;

export interface PolicyGuardOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Where the dry-run Approval is tried. */
  readonly namespace: string;
}

/**
 * Fails closed: no act unless the admission policies are there, bound, whole, understood by the API server, and seen to refuse. A policy
 * that does not compile lets everything through, so reading it is not enough: a dry-run CREATE of an already decided Approval, which
 * RBAC and the CRD let through, must be denied in the policy's name. Asked before each act. Source: design section 6.
 */
export class PolicyGuard {
  readonly #options: PolicyGuardOptions;

  constructor(options: PolicyGuardOptions) {
    this.#options = options;
  }

  /** Why no act may be made now; undefined when approvals are enforced. */
  async refusal(signal: AbortSignal): Promise<string | undefined> {
    const read = await Promise.all(requiredPolicies.map((required) => this.#unready(required, signal)));
    return read.find((problem) => problem !== undefined) ?? this.#unenforced(signal);
  }

  async #unready(required: RequiredPolicy, signal: AbortSignal): Promise<string | undefined> {
    const { client, clock } = this.#options;
    const { name } = required;
    const [policy, binding] = await Promise.all([
      found(client.resource(policies), name, signal),
      found(client.resource(bindings), name, signal),
    ]);
    if (policy === undefined) return `the admission policy ${name} is missing`;
    if (binding === undefined) return `the binding of the admission policy ${name} is missing`;
    const problem = policyProblem(policy, required, clock.now());
    if (problem !== undefined) return `the admission policy ${name} ${problem}`;
    const unbound = bindingProblem(binding, name, clock.now());
    return unbound === undefined ? undefined : `the binding of the admission policy ${name} ${unbound}`;
  }

  async #unenforced(signal: AbortSignal): Promise<string | undefined> {
    const api = this.#options.client.resource(approvalResource);
    try {
      await api.create(this.#decided(), signal, { dryRun: true });
      return 'an Approval that is already decided can be created: the admission policies do not bite';
    } catch (error) {
      if (error instanceof ApiError && deniedBy(error, probedPolicy)) return undefined;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) {
        return `the probe of the admission policies was refused by something else: ${error.message}`.slice(0, 500);
      }
      throw error;
    }
  }

  #decided(): Draft<Approval> {
    return {
      apiVersion: 'threehops.dev/v1alpha1',
      kind: 'Approval',
      metadata: { name: 'threehops-policy-probe', namespace: this.#options.namespace },
      spec: {
        sessionRef: { name: 'threehops-policy-probe', uid: 'none' },
        requester: 'threehops-policy-probe',
        gate: 'RiskyAction',
        actionDigest: '0'.repeat(64),
        summary: 'A dry run that must be denied: it asks whether decided Approvals can be made up.',
        risk: 'High',
        expiresAt: new Date(this.#options.clock.now().getTime() + probeExpiresMs).toISOString(),
        decision: 'Approved',
        decidedBy: 'threehops-policy-probe',
      },
    };
  }
}

async function found<T extends KubeObject>(
  api: ResourceClient<T>,
  name: string,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await api.get({ name }, signal);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The API server names the policy in its denial; the message is its documented form of doing so. */
function deniedBy(error: ApiError, policy: string): boolean {
  return (error.status === 403 || error.status === 422) && error.message.includes(`'${policy}'`);
}
