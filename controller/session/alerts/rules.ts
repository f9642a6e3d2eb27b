import type { ServiceTopology } from '../../api/kinds.ts';

/** How long alerts and sessions belong together, in seconds; as a map says. */
export type AlertRules = Pick<NonNullable<ServiceTopology['spec']['alerts']>, 'windowSeconds' | 'decaySeconds'>;

/**
 * Those of a map that says nothing of alerts, or is gone: sessions that alerts opened there before outlive it. They are the CRD's, which the API
 * server fills in wherever a map does.
 */
export const usualRules: AlertRules = { windowSeconds: 300, decaySeconds: 600 };

export function rulesOf(topology: ServiceTopology | undefined): AlertRules {
  return { ...usualRules, ...topology?.spec.alerts };
}
