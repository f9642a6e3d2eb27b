import type { Condition } from '../../controller/kube/conditions.ts';

/** What a reader of kstatus (Flux, kapp, cli-utils) makes of an object. */
export type KStatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

interface Read {
  readonly metadata?: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/**
 * The rules for kinds that kstatus has no rules of their own for, in their order: a deletion, a generation that is not observed yet,
 * Reconciling and Stalled, Ready; what says nothing is current.
 * Source: sigs.k8s.io/cli-utils, pkg/kstatus, README and status/core.go's generic rules, in own words.
 */
export function kstatusOf({ metadata, status }: Read): KStatus {
  if (metadata?.deletionTimestamp !== undefined) return 'Terminating';
  const { observedGeneration, conditions = [] } = status ?? {};
  if (observedGeneration !== undefined && observedGeneration !== metadata?.generation) return 'InProgress';
  for (const { type, status: holds } of conditions) {
    if (type === 'Reconciling' && holds === 'True') return 'InProgress';
    if (type === 'Stalled' && holds === 'True') return 'Failed';
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
