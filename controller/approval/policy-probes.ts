import { approvalResource } from '../api/generated/approval.ts';
import { debugSessionResource } from '../api/generated/debug-session.ts';
import type { Approval, DebugSession } from '../api/kinds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { ApiError } from '../kube/errors.ts';
import type { Draft } from '../kube/object.ts';
import { applyObject } from '../kube/server-side-apply.ts';
import { requesterPolicy, undecidedPolicy } from './required-policies.ts';

export interface ProbeOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Where the dry runs are tried. */
  readonly namespace: string;
}

/** A forgery, tried as a dry run, which RBAC and the CRD let through and one policy must deny in its own name. */
interface Probe {
  readonly policy: string;
  /** What an API server would take that lets it through. */
  readonly forgery: string;
  readonly attempt: (signal: AbortSignal) => Promise<unknown>;
}

const name = 'threehops-policy-probe';
const expiresMs = 10_000;
const maxReason = 500;

export function probesOf({ client, clock, namespace }: ProbeOptions): readonly Probe[] {
  const expiresAt = new Date(clock.now().getTime() + expiresMs).toISOString();
  return [
    {
      policy: undecidedPolicy,
      forgery: 'an Approval that is already decided',
      attempt: (signal) =>
        client.resource(approvalResource).create(decidedApproval(namespace, expiresAt), signal, { dryRun: true }),
    },
    {
      policy: requesterPolicy,
      forgery: `a DebugSession in somebody else's name (${namespace}/${name})`,
      // An apply, because there RBAC knows the name of what is created: the operator may create this one session and no other. It is a
      // CREATE to the policies all the same. Source: docs/adr/0009.
      attempt: (signal) =>
        applyObject(client.resource(debugSessionResource), forgedSession(namespace), signal, {
          fieldManager: name,
          dryRun: true,
        }),
    },
  ];
}

/** Why the policy cannot be relied on; undefined when it was seen to deny. @throws what says nothing of it, such as a lost answer. */
export async function unenforced(probe: Probe, signal: AbortSignal): Promise<string | undefined> {
  try {
    await probe.attempt(signal);
    return `${probe.forgery} can be created: the admission policy ${probe.policy} does not bite`;
  } catch (error) {
    if (error instanceof ApiError && deniedBy(error, probe.policy)) return undefined;
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) {
      const said = `the probe of the admission policy ${probe.policy} was refused by something else: ${error.message}`;
      return said.slice(0, maxReason);
    }
    throw error;
  }
}

/**
 * The API server begins the cause of a denial with the name of the policy, which is its documented form of saying so. RBAC gives no cause,
 * and another policy has its own name there, whatever its message quotes.
 */
function deniedBy({ details }: ApiError, policy: string): boolean {
  const begins = `ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: `;
  return details?.causes?.some(({ message = '' }) => message.startsWith(begins)) ?? false;
}

function decidedApproval(namespace: string, expiresAt: string): Draft<Approval> {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Approval',
    metadata: { name, namespace },
    spec: {
      sessionRef: { name, uid: 'none' },
      requester: name,
      gate: 'RiskyAction',
      actionDigest: '0'.repeat(64),
      summary: 'A dry run that must be denied: it asks whether decided Approvals can be made up.',
      risk: 'High',
      expiresAt,
      decision: 'Approved',
      decidedBy: name,
    },
  };
}

function forgedSession(namespace: string): Draft<DebugSession> {
  // The API server fills the defaults in.
  const spec = { topologyRef: { name }, mode: 'Diagnose', createdBy: name } as DebugSession['spec'];
  return { metadata: { name, namespace }, spec };
}
