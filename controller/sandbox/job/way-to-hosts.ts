import { isDeepStrictEqual } from 'node:util';
import type { SandboxUnavailable } from '../sandbox.ts';
import type { NetworkPolicy } from './kinds.ts';

/** Where a Job's Pods reach the operator's proxy. */
export interface Way {
  /** The operator's. */
  readonly namespace: string;
  /** Of its Pod; undefined where nobody tells it. */
  readonly address: string | undefined;
  readonly port: number;
}

/** As manifests/base labels the operator's Pods. */
const operatorLabels = { 'app.kubernetes.io/name': 'threehops' };

/**
 * Whether a policy allows this way, for all Pods of its namespace, and nothing more: whatever else may stand in a policy, now or in a later Kubernetes,
 * makes it another one. Compared as the API server stores it, its defaults filled in.
 */
export function leadsTo({ namespace, port }: Way, { spec }: NetworkPolicy): boolean {
  const peer = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: operatorLabels },
  };
  return isDeepStrictEqual(spec, {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [peer], ports: [{ protocol: 'TCP', port }] }],
  });
}

/** What is missing of the way to the hosts that are declared. */
export function missingOf(
  way: Way,
  policies: readonly NetworkPolicy[],
  namespace: string,
): SandboxUnavailable | undefined {
  const { address, port } = way;
  const missing = (reason: string): SandboxUnavailable => ({
    obstacle: 'NoWayToHosts',
    reason: `sandbox.hosts names hosts, and ${reason}`,
  });
  if (address === undefined) return missing('the operator is not told the address of its Pod (POD_IP)');
  if (policies.some((policy) => leadsTo(way, policy))) return undefined;
  const rule = `lets all Pods reach TCP port ${port} of the operator's in ${way.namespace} and nothing else`;
  return missing(`no NetworkPolicy of ${namespace} ${rule}: apply manifests/sandbox/hosts`);
}
