import { NotFound } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ResourceClient } from '../kube/resource-client.ts';
import { probesOf, unenforced, type ProbeOptions } from './policy-probes.ts';
import { bindingProblem, bindings, policies, policyProblem } from './policy-state.ts';
import { requiredPolicies, type RequiredPolicy } from './required-policies.ts';

/**
 * Fails closed: no act unless the admission policies are there, bound, whole, understood by the API server, and seen to refuse. A policy
 * that does not compile lets everything through, so reading it is not enough: dry-run CREATEs of an already decided Approval and of a
 * session in somebody else's name must be denied, each in its policy's name. Asked before each act. Source: design section 6.
 */
export class PolicyGuard {
  readonly #options: ProbeOptions;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** Why no act may be made now; undefined when approvals are enforced. */
  async refusal(signal: AbortSignal): Promise<string | undefined> {
    const read = await Promise.all(requiredPolicies.map((required) => this.#unready(required, signal)));
    const unready = read.find((problem) => problem !== undefined);
    if (unready !== undefined) return unready;
    const tried = await Promise.all(probesOf(this.#options).map((probe) => unenforced(probe, signal)));
    return tried.find((problem) => problem !== undefined);
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
