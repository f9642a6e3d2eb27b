import type { JobSandbox } from '../../config/config.ts';
import type { KubeClient } from '../../kube/client.ts';
import { Forbidden, NotFound } from '../../kube/errors.ts';
import type { SandboxUnavailable } from '../sandbox.ts';
import { namespaces, networkPolicies, runtimeClasses, type NetworkPolicy } from './kinds.ts';
import { leadsTo, missingOf, type Way } from './way-to-hosts.ts';

type Look = () => Promise<SandboxUnavailable | undefined>;

export interface Looked {
  readonly client: KubeClient;
  readonly settings: JobSandbox;
  /** To the declared hosts; absent where there are none. */
  readonly way?: Way | undefined;
}

/** Why no Job may be started: what keeps it from harm is not there, or cannot be looked at. Reads the cluster anew. @throws ApiError. */
export async function obstacleOf(
  { client, settings, way }: Looked,
  signal: AbortSignal,
): Promise<SandboxUnavailable | undefined> {
  const looks: readonly Look[] = [
    () => notRestricted(client, settings, signal),
    () => networkNotDenied({ client, settings, way }, signal),
    () => noRuntimeClass(client, settings, signal),
  ];
  try {
    for (const look of looks) {
      const found = await look();
      if (found !== undefined) return found;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return { obstacle: 'NotPermitted', reason: `the operator may not look at the sandbox: ${error.message}` };
  }
}

const enforced = 'pod-security.kubernetes.io/enforce';

async function notRestricted(
  client: KubeClient,
  { namespace }: JobSandbox,
  signal: AbortSignal,
): Promise<SandboxUnavailable | undefined> {
  const found = await orUndefined(client.resource(namespaces).get({ name: namespace }, signal));
  if (found === undefined) return { obstacle: 'NoNamespace', reason: `there is no namespace ${namespace}` };
  const { labels = {}, deletionTimestamp } = found.metadata ?? {};
  if (deletionTimestamp !== undefined) return { obstacle: 'NoNamespace', reason: `${namespace} is being deleted` };
  if (labels[enforced] === 'restricted') return undefined;
  return { obstacle: 'NotRestricted', reason: `the namespace ${namespace} lacks the label ${enforced}: restricted` };
}

async function networkNotDenied(
  { client, settings: { namespace }, way }: Looked,
  signal: AbortSignal,
): Promise<SandboxUnavailable | undefined> {
  const { items } = await client.resource(networkPolicies).list({ namespace }, signal);
  const others = way === undefined ? items : items.filter((policy) => !leadsTo(way, policy));
  const reason = gapOf(others, namespace);
  if (reason !== undefined) return { obstacle: 'NetworkNotDenied', reason };
  return way === undefined ? undefined : missingOf(way, items, namespace);
}

/**
 * What the policies of a namespace leave open. Policies only ever add to what is allowed, so that one for all Pods has to deny, and none may
 * allow anything, whomever it is for: the namespace is for checks alone.
 */
export function gapOf(policies: readonly NetworkPolicy[], namespace: string): string | undefined {
  for (const { metadata, spec = {} } of policies) {
    const allows = (spec.ingress ?? []).length > 0 || (spec.egress ?? []).length > 0;
    if (allows) return `the NetworkPolicy ${metadata?.name} of ${namespace} allows traffic`;
  }
  const denying = policies.filter(forAll).flatMap(({ spec }) => spec?.policyTypes ?? []);
  const open = ['Ingress', 'Egress'].find((direction) => !denying.includes(direction));
  return open === undefined ? undefined : `no NetworkPolicy of ${namespace} denies all Pods all ${open.toLowerCase()}`;
}

function forAll({ spec }: NetworkPolicy): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec?.podSelector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

async function noRuntimeClass(
  client: KubeClient,
  { runtimeClassName }: JobSandbox,
  signal: AbortSignal,
): Promise<SandboxUnavailable | undefined> {
  if (runtimeClassName === '') return undefined;
  const found = await orUndefined(client.resource(runtimeClasses).get({ name: runtimeClassName }, signal));
  if (found !== undefined) return undefined;
  return { obstacle: 'NoRuntimeClass', reason: `there is no RuntimeClass ${runtimeClassName}` };
}

function orUndefined<T>(getting: Promise<T>): Promise<T | undefined> {
  return getting.catch((error: unknown) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });
}
