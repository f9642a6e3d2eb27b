import { approvalResource } from '../api/generated/approval.ts';
import type { Approval } from '../api/kinds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { ApiError, NotFound } from '../kube/errors.ts';
import type { Draft, KubeObject } from '../kube/object.ts';
import { resource, type Resource } from '../kube/resource.ts';

interface Policy extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
  };
}

const policies = resource<Policy>(
  'admissionregistration.k8s.io',
  'v1',
  'validatingadmissionpolicies',
  'ValidatingAdmissionPolicy',
  'Cluster',
);
const approvals: Resource<Approval> = approvalResource;

/** The policies that must bite before anything is done outside. */
export const requiredPolicies = [
  'approvals-are-created-undecided.threehops.dev',
  'approvals-are-decided-by-approvers.threehops.dev',
] as const;

/** The one whose denial the probe waits for: it meets the operator itself. */
const probedPolicy = requiredPolicies[0];
const freshMs = 10_000;

export interface PolicyGuardOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Where the dry-run Approval is tried. */
  readonly namespace: string;
}

/**
 * Fails closed: no act unless the admission policies are there, are understood by the API server, and are seen to refuse. A policy that
 * does not compile lets everything through, so reading it is not enough: a dry-run CREATE of an already decided Approval, which
 * RBAC and the CRD let through, must be denied in the policy's name. Source: design section 6.
 */
export class PolicyGuard {
  readonly #options: PolicyGuardOptions;
  #goodUntilMs = -1;

  constructor(options: PolicyGuardOptions) {
    this.#options = options;
  }

  /** Why no act may be made now; undefined when approvals are enforced. */
  async refusal(signal: AbortSignal): Promise<string | undefined> {
    const { clock } = this.#options;
    if (clock.monotonicMs() < this.#goodUntilMs) return undefined;
    const askedMs = clock.monotonicMs();
    const refusal = (await this.#unread(signal)) ?? (await this.#unenforced(signal));
    if (refusal === undefined) this.#goodUntilMs = askedMs + freshMs;
    return refusal;
  }

  async #unread(signal: AbortSignal): Promise<string | undefined> {
    const api = this.#options.client.resource(policies);
    for (const name of requiredPolicies) {
      try {
        const policy = await api.get({ name }, signal);
        const problem = unready(policy);
        if (problem !== undefined) return `the admission policy ${name} ${problem}`;
      } catch (error) {
        if (error instanceof NotFound) return `the admission policy ${name} is missing`;
        throw error;
      }
    }
    return undefined;
  }

  async #unenforced(signal: AbortSignal): Promise<string | undefined> {
    const api = this.#options.client.resource(approvals);
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
        expiresAt: new Date(this.#options.clock.now().getTime() + freshMs).toISOString(),
        decision: 'Approved',
        decidedBy: 'threehops-policy-probe',
      },
    };
  }
}

/** The generation is observed by kube-controller-manager; without one (a bare API server) the probe alone decides. */
function unready(policy: Policy): string | undefined {
  const { observedGeneration, typeChecking } = policy.status ?? {};
  if (observedGeneration !== undefined && observedGeneration < (policy.metadata?.generation ?? 0))
    return 'is not yet observed';
  if ((typeChecking?.expressionWarnings ?? []).length > 0) return 'does not pass type checking';
  return undefined;
}

/** The API server names the policy in its denial; the message is its documented form of doing so. */
function deniedBy(error: ApiError, policy: string): boolean {
  return (error.status === 403 || error.status === 422) && error.message.includes(`'${policy}'`);
}
